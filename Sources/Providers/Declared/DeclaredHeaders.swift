import Delivery
import Domain

/// The headers of one request; those that no message has a say in are written beforehand.
struct DeclaredHeaders: Sendable {
    private enum Step: Sendable {
        case known(HTTPHeaders)
        case field(HTTPHeaderName, FieldProgram, omitEmpty: Bool)
        /// Basic authentication of which a message knows a part.
        case basic(HTTPHeaderName, user: FieldProgram, password: FieldProgram)
        /// What the settings say for this header holds control bytes.
        case refused(String)
    }

    private var steps: [Step] = []
    private var size = 64

    init(_ send: DeclaredDescription.Send, _ auth: DeclaredDescription.Auth, _ settings: ProviderSettings) {
        if let type = Self.contentType(send) { add("Content-Type", Array(type.utf8)) }
        add(auth, settings)
        for header in send.headers {
            let program = FieldProgram(header.value, settings, as: .plain)
            if program.isMissing, send.omitEmpty { continue }
            add(header.name, program, omitEmpty: send.omitEmpty)
        }
    }

    private static func contentType(_ send: DeclaredDescription.Send) -> String? {
        if let declared = send.contentType { return declared }
        return switch send.body {
        case .query: nil
        case .form: "application/x-www-form-urlencoded"
        case .json: "application/json"
        case .text: "text/plain; charset=UTF-8"
        }
    }

    private mutating func add(_ auth: DeclaredDescription.Auth, _ settings: ProviderSettings) {
        switch auth {
        case .none: break
        case .basic(let user, let password):
            let (user, password) = (
                FieldProgram(user, settings, as: .plain), FieldProgram(password, settings, as: .plain)
            )
            if let user = user.constant, let password = password.constant {
                add("Authorization", Self.basic(user, password))
            } else if let name = HTTPHeaderName("Authorization") {
                steps.append(.basic(name, user: user, password: password))
            }
        case .bearer(let token):
            let program = FieldProgram(token, settings, as: .plain)
            add("Authorization", program.preceded(by: "Bearer "))
        case .header(let name, let value): add(name, FieldProgram(value, settings, as: .plain))
        }
    }

    private mutating func add(_ name: String, _ program: FieldProgram, omitEmpty: Bool = false) {
        if let value = program.constant { return add(name, value) }
        guard let name = HTTPHeaderName(name) else { return add(name, []) }
        steps.append(.field(name, program, omitEmpty: omitEmpty))
        size += 64
    }

    private mutating func add(_ name: String, _ value: [UInt8]) {
        guard Self.isOneLine(value[...]) else { return steps.append(.refused(name)) }
        var headers = HTTPHeaders()
        if case .known(let before) = steps.last {
            headers = before
            steps.removeLast()
        }
        headers.append(HTTPRequest.Header(name, String(decoding: value, as: UTF8.self)))
        steps.append(.known(headers))
        size += name.utf8.count + value.count
    }

    func write(_ fields: Fields) throws(DeliveryFailure) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.reserve(size)
        for step in steps {
            switch step {
            case .known(let known): headers.append(contentsOf: known)
            case .refused(let name): throw Self.refusal(name)
            case .basic(let name, let user, let password):
                headers.append(name) { out in
                    out.append(contentsOf: Self.basic(Self.value(user, fields), Self.value(password, fields)))
                    return true
                }
            case .field(let name, let program, let omitEmpty):
                var isOneLine = true
                headers.append(name) { out in
                    let start = out.count
                    let filled = program.write(fields, to: &out)
                    isOneLine = Self.isOneLine(out[start...])
                    return filled || !omitEmpty
                }
                guard isOneLine else { throw Self.refusal(name.text) }
            }
        }
        return headers
    }

    private static func value(_ program: FieldProgram, _ fields: Fields) -> [UInt8] {
        var value: [UInt8] = []
        _ = program.write(fields, to: &value)
        return value
    }

    private static func basic(_ user: [UInt8], _ password: [UInt8]) -> [UInt8] {
        Array(("Basic " + Base64.text(user + [UInt8(ascii: ":")] + password)).utf8)
    }

    private static func isOneLine(_ value: ArraySlice<UInt8>) -> Bool {
        value.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    private static func refusal(_ name: String) -> DeliveryFailure {
        DeliveryFailure(.misconfigured, detail: "the value of \(name) holds control bytes")
    }
}
