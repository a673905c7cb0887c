import Delivery
import Domain

/// Makes the bytes of one request. Everything that comes from a message is percent-encoded, escaped as JSON, or the
/// whole of the body: no byte of it can become a parameter or a header of its own.
struct DeclaredRequest {
    let send: DeclaredDescription.Send
    let auth: DeclaredDescription.Auth
    let fields: Fields

    init(_ send: DeclaredDescription.Send, auth: DeclaredDescription.Auth, _ fields: Fields) {
        self.send = send
        self.auth = auth
        self.fields = fields
    }

    func request() throws(DeliveryFailure) -> HTTPRequest {
        var request = HTTPRequest(send.method.rawValue, url)
        if let type = contentType { request.headers.append(.init("Content-Type", type)) }
        request.headers += authorization
        request.headers += filled(send.headers).map { .init($0.name, $0.value) }
        request.body = body
        for header in request.headers where !Self.isOneLine(header.value) {
            throw DeliveryFailure(.misconfigured, detail: "the value of \(header.name) holds control bytes")
        }
        return request
    }

    private var url: String {
        let base = fields.settings.account.baseURL
        let trimmed = String(decoding: Self.withoutSlashes(Array(base.utf8)), as: UTF8.self)
        let address = trimmed + send.path
        guard send.body == .query else { return address }
        return address + "?" + PercentEncoding.form(filled(send.parameters))
    }

    private static func withoutSlashes(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes[..<(bytes.lastIndex { $0 != UInt8(ascii: "/") }.map { $0 + 1 } ?? 0)]
    }

    private var contentType: String? {
        if let declared = send.contentType { return declared }
        return switch send.body {
        case .query: nil
        case .form: "application/x-www-form-urlencoded"
        case .json: "application/json"
        case .text: "text/plain; charset=UTF-8"
        }
    }

    private var body: [UInt8] {
        switch send.body {
        case .query: return []
        case .form: return Array(PercentEncoding.form(filled(send.parameters)).utf8)
        case .text: return Array((send.text.flatMap { fields.fill($0) } ?? "").utf8)
        case .json:
            let members = send.parameters.compactMap { parameter -> JSONValue.Member? in
                let value: JSONValue? = fields.json(parameter.value) ?? (send.omitEmpty ? nil : JSONValue.text(""))
                return value.map { .init(key: parameter.name, value: $0) }
            }
            return JSONValue.object(members).bytes
        }
    }

    private func filled(_ parameters: [DeclaredDescription.Parameter]) -> [(name: String, value: String)] {
        parameters.compactMap { parameter in
            let value = fields.fill(parameter.value) ?? (send.omitEmpty ? nil : "")
            return value.map { (parameter.name, $0) }
        }
    }

    private var authorization: [HTTPRequest.Header] {
        switch auth {
        case .none: return []
        case .basic(let user, let password):
            let pair = (fields.fill(user) ?? "") + ":" + (fields.fill(password) ?? "")
            return [.init("Authorization", "Basic " + Base64.text(pair.utf8))]
        case .bearer(let token): return [.init("Authorization", "Bearer " + (fields.fill(token) ?? ""))]
        case .header(let name, let value): return [.init(name, fields.fill(value) ?? "")]
        }
    }

    private static func isOneLine(_ value: String) -> Bool { value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
}
