import Domain
import Providers

/// The half of a description that makes requests.
extension DeclaredFile {
    static func auth(_ value: YAMLValue, _ names: [String]) throws(ConfigurationError) -> DeclaredDescription.Auth {
        guard value.isMapping else {
            let word = try value.string()
            guard word == "none" else { throw value.unknown(word, among: ["none"]) }
            return .none
        }
        var map = try value.mapping()
        let kind = try map.require("kind")
        let auth: DeclaredDescription.Auth
        switch try kind.string() {
        case "none": auth = .none
        case "basic":
            auth = .basic(
                user: try headerTemplate(map.require("user"), names),
                password: try headerTemplate(map.require("password"), names))
        case "bearer": auth = .bearer(try headerTemplate(map.require("token"), names))
        case "header":
            auth = .header(
                name: try headerName(map.require("name")), try headerTemplate(map.require("value"), names))
        case let other: throw kind.unknown(other, among: ["none", "basic", "bearer", "header"])
        }
        try map.finish()
        return auth
    }

    static func send(_ value: YAMLValue, _ names: [String]) throws(ConfigurationError) -> DeclaredDescription.Send {
        var map = try value.mapping()
        let body = try map.require("body").word(of: DeclaredDescription.Send.Body.self)
        var send = DeclaredDescription.Send(path: try path(map.require("path")), body: body)
        if let method = map.take("method") { send.method = try method.word() }
        send.contentType = try map.take("content_type").map(headerText)
        send.omitEmpty = try map.take("omit_empty")?.bool() ?? false
        let parameters = map.take("params")
        let text = map.take("text")
        switch body {
        case .text:
            if let parameters {
                throw parameters.error(Words(ru: "при body: text не бывает params", en: "body: text has no params"))
            }
            guard let text else {
                throw value.error(Words(ru: "при body: text нужен ключ text", en: "body: text needs the key text"))
            }
            send.text = try template(text, names)
        case .query, .form, .json:
            if let text {
                throw text.error(Words(ru: "ключ text бывает при body: text", en: "the key text goes with body: text"))
            }
            send.parameters =
                try parameters.map { value throws(ConfigurationError) in try Self.parameters(value, names) } ?? []
        }
        send.headers =
            try map.take("headers").map { value throws(ConfigurationError) in try headers(value, names) } ?? []
        try map.finish()
        return send
    }

    private static func parameters(
        _ value: YAMLValue, _ names: [String]
    ) throws(ConfigurationError) -> [DeclaredDescription.Parameter] {
        var map = try value.mapping()
        var parameters: [DeclaredDescription.Parameter] = []
        for (name, item) in map.rest() { parameters.append(.init(name, try template(item, names))) }
        return parameters
    }

    private static func headers(
        _ value: YAMLValue, _ names: [String]
    ) throws(ConfigurationError) -> [DeclaredDescription.Parameter] {
        var map = try value.mapping()
        var headers: [DeclaredDescription.Parameter] = []
        for (name, item) in map.rest() {
            guard isToken(name) else {
                throw item.error(Words(ru: "таким имя заголовка не бывает", en: "this is no name of a header"))
            }
            headers.append(.init(name, try headerTemplate(item, names)))
        }
        return headers
    }

    private static func template(_ value: YAMLValue, _ names: [String]) throws(ConfigurationError) -> FieldTemplate {
        try value.parsed { text throws(DescriptionError) in try FieldTemplate(text, settings: names) }
    }

    /// A header holds no text of a message: that is where lines end.
    private static func headerTemplate(_ value: YAMLValue, _ names: [String]) throws(ConfigurationError)
        -> FieldTemplate
    {
        _ = try headerText(value)
        let template = try template(value, names)
        if template.holdsText {
            throw value.error(
                Words(ru: "текст сообщения не бывает в заголовке", en: "the text of a message never goes into a header")
            )
        }
        return template
    }

    private static func headerText(_ value: YAMLValue) throws(ConfigurationError) -> String {
        let text = try value.string()
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw value.error(Words(ru: "управляющий байт в заголовке", en: "a control byte in a header"))
        }
        return text
    }

    private static func headerName(_ value: YAMLValue) throws(ConfigurationError) -> String {
        let name = try value.string()
        guard isToken(name) else {
            throw value.error(Words(ru: "таким имя заголовка не бывает", en: "this is no name of a header"))
        }
        return name
    }

    private static func isToken(_ name: String) -> Bool {
        !name.utf8.isEmpty
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                    || $0 == 0x5F
            }
    }

    private static func path(_ value: YAMLValue) throws(ConfigurationError) -> String {
        let path = try value.string()
        let forbidden: [UInt8] = [UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "{")]
        guard path.utf8.first == UInt8(ascii: "/"),
            path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !forbidden.contains($0) })
        else {
            throw value.error(
                Words(ru: "путь начинается с / и не содержит ? # {", en: "a path begins with / and has no ? # {"))
        }
        return path
    }
}
