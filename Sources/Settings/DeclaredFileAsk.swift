import Domain
import Providers

/// The part of a description that asks what became of a message, and the canned replies that prove it.
extension DeclaredFile {
    static func ask(_ value: YAMLValue, _ names: [String]) throws(ConfigurationError) -> DeclaredDescription.Ask {
        var map = try value.mapping()
        var ask = DeclaredDescription.Ask(
            send: try question(map.require("send"), names), format: try map.require("format").word(), rules: [],
            knownAfter: try map.require("known_after").duration(), knownFor: try map.require("known_for").duration())
        ask.code = try map.take("code").map(paths) ?? []
        for rule in try map.require("rules").list() { ask.rules.append(try askRule(rule)) }
        ask.id = try map.take("id").map(askID)
        for reply in try map.require("replies").list() { ask.replies.append(try cannedAnswer(reply)) }
        try map.finish()
        return ask
    }

    private static func question(
        _ value: YAMLValue, _ names: [String]
    ) throws(ConfigurationError) -> DeclaredDescription.Send {
        let send = try send(value, names)
        let templates = (send.parameters + send.headers).map(\.value) + [send.text].compactMap(\.self)
        guard templates.allSatisfy(\.fitsQuestion) else {
            throw value.error(
                Words(
                    ru: "вопрос о сообщении не знает text и ttl",
                    en: "a question about a message knows no text and no ttl"
                ))
        }
        guard templates.contains(where: \.namesMessage) else {
            throw value.error(
                Words(ru: "вопрос должен называть {reference}", en: "a question must name the {reference}"))
        }
        return send
    }

    private static func askID(_ value: YAMLValue) throws(ConfigurationError) -> DeclaredDescription.Ask.ID {
        try value.string() == "reference" ? .reference : .path(try path(value))
    }

    private static func askRule(_ value: YAMLValue) throws(ConfigurationError) -> AskRule {
        var map = try value.mapping()
        let condition = try map.require("if")
        let then = try map.require("then").word(of: AskRule.Ending.self)
        try map.finish()
        return try condition.parsed { text throws(DescriptionError) in try AskRule(condition: text, then: then) }
    }

    private static func cannedAnswer(_ value: YAMLValue) throws(ConfigurationError) -> CannedAnswer {
        var map = try value.mapping()
        let answer = CannedAnswer(
            name: try map.require("name").string(), basis: try map.require("basis").word(),
            status: try map.require("status").int(in: 100...599), body: try map.require("body").string(),
            then: try map.require("then").word())
        try map.finish()
        return answer
    }
}
