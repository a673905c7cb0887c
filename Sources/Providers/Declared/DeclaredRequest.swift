import Delivery
import Domain

/// Makes the bytes of one request, prepared for one account: what the settings say is written beforehand. Everything that
/// comes from a message is percent-encoded, escaped as JSON, or the whole of the body: no byte of it can become a
/// parameter or a header of its own.
struct DeclaredRequest: Sendable {
    private let method: String
    /// Without its query.
    private let address: String
    private let headers: DeclaredHeaders
    private let body: Body

    private enum Body: Sendable {
        case query(DeclaredParameters)
        case form(DeclaredParameters)
        case json(DeclaredParameters)
        case text(FieldProgram?)
    }

    init(_ send: DeclaredDescription.Send, auth: DeclaredDescription.Auth, _ settings: ProviderSettings) {
        method = send.method.rawValue
        let base = Array(settings.account.baseURL.utf8)
        let end = base.lastIndex { $0 != UInt8(ascii: "/") }.map { $0 + 1 } ?? 0
        address = String(decoding: base[..<end], as: UTF8.self) + send.path
        headers = DeclaredHeaders(send, auth, settings)
        body =
            switch send.body {
            case .query: .query(DeclaredParameters(send, settings, .form))
            case .form: .form(DeclaredParameters(send, settings, .form))
            case .json: .json(DeclaredParameters(send, settings, .json))
            case .text: .text(send.text.map { FieldProgram($0, settings, as: .plain) })
            }
    }

    func request(_ fields: Fields) throws(DeliveryFailure) -> HTTPRequest {
        var request = HTTPRequest(method, address, headers: try headers.write(fields))
        switch body {
        case .query(let parameters):
            var url = Array(address.utf8) + [UInt8(ascii: "?")]
            parameters.write(fields, to: &url)
            request.url = String(decoding: url, as: UTF8.self)
        case .form(let parameters):
            parameters.write(fields, to: &request.body)
        case .json(let parameters):
            request.body.append(UInt8(ascii: "{"))
            parameters.write(fields, to: &request.body)
            request.body.append(UInt8(ascii: "}"))
        case .text(let program):
            _ = program?.write(fields, to: &request.body)
        }
        return request
    }
}

/// The parameters of a query or a form, or the members of a JSON object.
struct DeclaredParameters: Sendable {
    enum Form: Sendable { case form, json }

    private struct One: Sendable {
        /// `name=` or `"name":`
        let opening: [UInt8]
        let value: FieldProgram
        /// A number and no text, in JSON.
        let isNumber: Bool
    }

    private let all: [One]
    private let form: Form
    private let omitEmpty: Bool

    init(_ send: DeclaredDescription.Send, _ settings: ProviderSettings, _ form: Form) {
        all = send.parameters.map { parameter in
            One(
                opening: Self.opening(parameter.name, form),
                value: FieldProgram(parameter.value, settings, as: form == .form ? .percent : .json),
                isNumber: form == .json && parameter.value.isNumber)
        }
        self.form = form
        omitEmpty = send.omitEmpty
    }

    private static func opening(_ name: String, _ form: Form) -> [UInt8] {
        switch form {
        case .form:
            var name = Array(PercentEncoding.encode(name).utf8)
            name.append(UInt8(ascii: "="))
            return name
        case .json: return JSONValue.text(name).bytes + [UInt8(ascii: ":")]
        }
    }

    func write(_ fields: Fields, to out: inout [UInt8]) {
        // Cyrillic letters become six bytes each.
        out.reserveCapacity(out.count + 256 + 3 * fields.text.utf8.count)
        let first = out.count
        for one in all {
            let start = out.count
            if start > first { out.append(form == .form ? UInt8(ascii: "&") : UInt8(ascii: ",")) }
            out.append(contentsOf: one.opening)
            if !write(one, fields, to: &out), omitEmpty { out.removeSubrange(start...) }
        }
    }

    /// - Returns: whether it has a value. One that has none is an empty text.
    private func write(_ one: One, _ fields: Fields, to out: inout [UInt8]) -> Bool {
        guard form == .json else { return one.value.write(fields, to: &out) }
        let start = out.count
        if one.isNumber, one.value.write(fields, to: &out) {
            Self.trimZeros(&out, from: start)
            return true
        }
        out.append(UInt8(ascii: "\""))
        let filled = one.value.write(fields, to: &out)
        out.append(UInt8(ascii: "\""))
        return filled
    }

    /// JSON knows no number that begins with a zero.
    private static func trimZeros(_ out: inout [UInt8], from start: Int) {
        let end = out[start..<(out.count - 1)].firstIndex { $0 != UInt8(ascii: "0") } ?? out.count - 1
        out.removeSubrange(start..<end)
    }
}

extension FieldTemplate {
    /// The whole of it is one `{name|int}`.
    fileprivate var isNumber: Bool {
        if pieces.count == 1, case .value(_, .int) = pieces[0] { true } else { false }
    }
}
