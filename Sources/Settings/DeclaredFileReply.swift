import Delivery
import Domain
import Providers

/// The half of a description that reads replies, and the canned replies that prove it.
extension DeclaredFile {
    static func reply(_ value: YAMLValue) throws(ConfigurationError) -> DeclaredDescription.Reply {
        var map = try value.mapping()
        var reply = DeclaredDescription.Reply(format: try map.require("format").word(), rules: [])
        reply.each = try map.take("each").map(each)
        reply.code = try map.take("code").map(paths) ?? []
        reply.detail = try map.take("detail").map(paths) ?? []
        if let meaning = map.take("http_5xx") { reply.serverError = try meaning.word() }
        for rule in try map.require("rules").list() { reply.rules.append(try Self.rule(rule)) }
        reply.id = try map.take("id").map(path)
        reply.parts = try map.take("parts").map(path)
        try map.finish()
        return reply
    }

    private static func each(_ value: YAMLValue) throws(ConfigurationError) -> DeclaredDescription.Each {
        var map = try value.mapping()
        let list = try path(map.require("list"))
        let match = try map.require("match").string()
        try map.finish()
        return .init(list: list, match: match == "key" ? .key : .field(match))
    }

    private static func rule(_ value: YAMLValue) throws(ConfigurationError) -> ReplyRule {
        var map = try value.mapping()
        let condition = try map.require("if")
        let then = try ending(map.require("then"))
        let why = try map.take("why")?.string()
        let after = try map.take("after")?.duration()
        try map.finish()
        return try condition.parsed { text throws(DescriptionError) in
            try ReplyRule(condition: text, then: then, why: why, after: after)
        }
    }

    private static func ending(_ value: YAMLValue) throws(ConfigurationError) -> ReplyRule.Ending {
        try value.parsed { text throws(DescriptionError) in try ReplyRule.Ending(text) }
    }

    static func path(_ value: YAMLValue) throws(ConfigurationError) -> ReplyPath {
        try value.parsed { text throws(DescriptionError) in try ReplyPath(text) }
    }

    static func paths(_ value: YAMLValue) throws(ConfigurationError) -> [ReplyPath] {
        guard value.isList else { return [try path(value)] }
        var paths: [ReplyPath] = []
        for item in try value.list() { paths.append(try path(item)) }
        return paths
    }

    static func replies(_ value: YAMLValue) throws(ConfigurationError) -> [CannedReply] {
        var replies: [CannedReply] = []
        for item in try value.list() {
            let reply = try cannedReply(item)
            guard !replies.contains(where: { $0.name == reply.name }) else {
                throw item.error(
                    Words(ru: "ответ с таким именем уже есть", en: "there is already a reply of this name"))
            }
            replies.append(reply)
        }
        return replies
    }

    private static func cannedReply(_ value: YAMLValue) throws(ConfigurationError) -> CannedReply {
        var map = try value.mapping()
        var reply = CannedReply(
            name: try map.require("name").string(), basis: try map.require("basis").word(),
            status: try map.require("status").int(in: 100...599), body: try map.require("body").string(),
            then: try ending(map.require("then")))
        if let headers = map.take("headers") {
            var members = try headers.mapping()
            for (name, item) in members.rest() { reply.headers.append(.init(name, try item.string())) }
        }
        reply.to = try map.take("to")?.string()
        reply.code = try map.take("code")?.string()
        reply.id = try map.take("id")?.string()
        reply.parts = try map.take("parts")?.int()
        reply.after = try map.take("after")?.duration()
        try map.finish()
        return reply
    }
}
