package import Domain

/// A template of one version, compiled: all its names, filters, places and samples have been checked.
package struct Template: Sendable {
    package let ref: TemplateRef
    package let purpose: PurposeID
    package let variables: [VariableDeclaration]
    package let samples: [TemplateSample]
    /// May be sent to a house group.
    package let group: Bool
    let smsParts: Int
    let buttons: [ButtonDeclaration]
    let programs: [String: [Part: Program]]

    /// - Parameter version: the content hash under which messages remember it, `sha256:…`.
    /// - Throws: `TemplateError` with file and line, the first one found.
    package init(compiling source: TemplateSource, version: String) throws(TemplateError) {
        let purpose = try SourceCheck(source).purpose()
        var programs: [String: [Part: Program]] = [:]
        for locale in source.parts.keys.sorted() {
            for part in Part.allCases where source.parts[locale]?[part.rawValue] != nil {
                programs[locale, default: [:]][part] = try PartCompiler.compile(part, of: source, locale: locale)
            }
        }
        ref = TemplateRef(id: source.id, version: version)
        self.purpose = purpose
        variables = source.variables
        samples = source.samples
        group = source.group
        smsParts = source.smsParts
        buttons = source.buttons
        self.programs = programs
    }

    package var locales: [String] { programs.keys.sorted() }

    /// Whether the template has a text for the channel. A mail needs subject and HTML; a group its permission.
    package func supports(_ channel: Channel) -> Bool {
        found(channel, locale: Self.fallback) != nil || locales.contains { found(channel, locale: $0) != nil }
    }

    package var channels: [Channel] { Channel.allCases.filter(supports) }

    /// What is wrong with a caller's variables, in the order of declaration; empty when they can be rendered.
    package func problems(in values: Variables) -> [VariableProblem] {
        ValueCheck.problems(in: values, declared: variables)
    }

    // MARK: which text

    /// The locale whose texts stand in where the recipient's own are missing.
    static let fallback = "ru"

    /// The first locale that has all the channel needs: `tt-RU`, `tt`, then the fallback. Parts of two languages are
    /// never mixed in one message.
    func found(_ channel: Channel, locale: String) -> (locale: String, parts: [Part: Program])? {
        guard !channel.isGroup || group else { return nil }
        let language = locale.utf8.firstIndex(of: UInt8(ascii: "-")).map { String(locale[..<$0]) }
        for name in [locale, language, Self.fallback].compactMap(\.self) {
            if let parts = programs[name], channel.neededParts.allSatisfy({ parts[$0] != nil }) { return (name, parts) }
        }
        return nil
    }
}

extension Channel {
    /// Parts without which the channel has nothing to say.
    var neededParts: [Part] {
        switch self {
        case .email: [.subject, .mailHTML]
        case .sms: [.sms]
        case .max, .maxChat, .telegram, .vk: [.messenger]
        case .push: [.push]
        case .voice: [.voice]
        case .paper: [.paper]
        }
    }
}
