import Domain
import Foundation
package import Providers

/// Reads Config/providers/*.yaml. Strict: a key nobody knows, a rule that does not parse or a name that is no setting
/// is an error with its line, at start and not at the first reply.
package enum DeclaredFile {
    /// Every `*.yaml` of a folder, by kind. No folder means no declared providers.
    package static func all(in folder: String) throws(ConfigurationError) -> [String: DeclaredDescription] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        var all: [String: DeclaredDescription] = [:]
        for name in names where name.utf8.suffix(5).elementsEqual(".yaml".utf8) {
            let path = folder + "/" + name
            guard let data = FileManager.default.contents(atPath: path),
                let text = String(validating: data, as: UTF8.self)
            else {
                let problem = Words(
                    ru: "файл не читается или не в UTF-8", en: "the file cannot be read or is not UTF-8")
                throw ConfigurationError(file: path, problem: problem)
            }
            let kind = String(name.dropLast(5))
            all[kind] = try description(text, kind: kind, file: path)
        }
        return all
    }

    /// A description with the place of what only shows beside the other files.
    struct Page {
        let description: DeclaredDescription
        /// Where it says that a bare 500, 502 or 504 took nothing.
        let serverErrorClaim: YAMLValue?
    }

    /// One description. `kind` is the name that accounts will use.
    package static func description(
        _ text: String, kind: String, file: String
    ) throws(ConfigurationError) -> DeclaredDescription {
        try page(text, kind: kind, file: file).description
    }

    static func page(_ text: String, kind: String, file: String) throws(ConfigurationError) -> Page {
        guard ProviderID(kind) != nil else {
            let problem = Words(
                ru: "имя файла: строчные латинские буквы, цифры, - и _",
                en: "a file name has lower-case Latin letters, digits, - and _")
            throw ConfigurationError(file: file, problem: problem)
        }
        let root = try YAMLValue(parsing: text, file: file)
        var map = try root.mapping()
        let settings = try map.take("settings").map(settings) ?? []
        let replyPlace = try map.require("reply"), idempotentPlace = map.take("idempotent")
        let names = settings.map(\.name)
        let description = DeclaredDescription(
            kind: kind,
            title: try map.require("title").string(),
            channels: try channels(map.require("channels")),
            docs: try map.take("docs")?.string(),
            base: try base(map.require("base")),
            settings: settings,
            auth: try map.take("auth").map { value throws(ConfigurationError) in try auth(value, names) } ?? .none,
            send: try send(map.require("send"), names),
            reply: try reply(replyPlace),
            limits: try map.take("limits").map(limits) ?? .init(),
            idempotent: try idempotentPlace?.bool() ?? false,
            replies: try map.take("replies").map(replies) ?? [],
            ask: try map.take("ask").map { value throws(ConfigurationError) in try ask(value, names) })
        try map.finish()
        if description.idempotent, !description.send.bearsReference, let idempotentPlace {
            throw idempotentPlace.error(
                Words(
                    ru: "повтор узнают по имени сообщения, а в запросе нет {reference}",
                    en: "a repeat is recognised by the message's name, and the request bears no {reference}"))
        }
        return Page(description: description, serverErrorClaim: try claim(of: description.reply, in: replyPlace))
    }

    private static func claim(
        of reply: DeclaredDescription.Reply, in place: YAMLValue
    ) throws(ConfigurationError) -> YAMLValue? {
        var map = try place.mapping()
        switch reply.serverErrorClaim {
        case .http5xx: return map.take("http_5xx")
        case .rule(let index): return try map.require("rules").list()[index]
        case nil: return nil
        }
    }

    private static func channels(_ value: YAMLValue) throws(ConfigurationError) -> [Channel] {
        var channels: [Channel] = []
        for item in try value.list() { channels.append(try item.word(of: Channel.self)) }
        return channels
    }

    private static func base(_ value: YAMLValue) throws(ConfigurationError) -> String {
        let text = try value.string()
        guard Catalog.isBase(text) else {
            throw value.error(Words(ru: "нужен адрес http(s)://узел", en: "an address http(s)://host is needed"))
        }
        return text
    }

    /// `secret: required`, `sender: optional`, `api_key: required secret`.
    private static func settings(_ value: YAMLValue) throws(ConfigurationError) -> [ProviderManifest.Setting] {
        var map = try value.mapping()
        var settings: [ProviderManifest.Setting] = []
        for (name, item) in map.rest() {
            guard FieldTemplate.Fact(rawValue: name) == nil, ProviderID(name) != nil else {
                throw item.error(Words(ru: "такое имя занято или негодно", en: "this name is taken or not allowed"))
            }
            let words = ["required", "optional", "required secret", "optional secret"]
            let text = try item.string()
            guard words.contains(text) else { throw item.unknown(text, among: words) }
            settings.append(
                .init(
                    name, required: text.utf8.starts(with: "required".utf8),
                    secret: name == "secret" || text.utf8.contains(UInt8(ascii: " "))))
        }
        return settings
    }

    private static func limits(_ value: YAMLValue) throws(ConfigurationError) -> DeclaredDescription.Limits {
        var map = try value.mapping()
        var limits = DeclaredDescription.Limits()
        limits.segments = try map.take("segments")?.int(in: 1...255)
        limits.life = try map.take("life")?.duration()
        limits.concurrency = try map.take("concurrency")?.int(in: 1...10_000)
        if let sender = map.take("sender") {
            var form = try sender.mapping()
            limits.sender = .init(
                letters: try form.require("letters").int(in: 0...64), digits: try form.require("digits").int(in: 0...64)
            )
            try form.finish()
        }
        try map.finish()
        return limits
    }
}

extension YAMLValue {
    /// Runs a parser of ours on the text and gives its complaint this place in the file.
    func parsed<Parsed>(
        _ parse: (String) throws(DescriptionError) -> Parsed
    ) throws(ConfigurationError) -> Parsed {
        let text = try string()
        do throws(DescriptionError) {
            return try parse(text)
        } catch {
            throw self.error(error.problem)
        }
    }
}
