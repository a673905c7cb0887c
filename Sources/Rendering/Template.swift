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
    let buttons: [ButtonProgram]
    let programs: [String: Programs]

    /// - Parameter version: the content hash under which messages remember it, `sha256:…`.
    /// - Throws: `TemplateError` with file and line, the first one found.
    package init(compiling source: TemplateSource, version: String) throws(TemplateError) {
        let purpose = try SourceCheck(source).purpose()
        var programs: [String: Programs] = [:]
        for locale in source.parts.keys.sorted() {
            for part in Part.allCases where source.parts[locale]?[part.rawValue] != nil {
                programs[locale, default: Programs()][part] = try PartCompiler.compile(part, of: source, locale: locale)
            }
        }
        ref = TemplateRef(id: source.id, version: version)
        self.purpose = purpose
        variables = source.variables
        samples = source.samples
        group = source.group
        smsParts = source.smsParts
        buttons = source.buttons.map { ButtonProgram($0, declared: source.variables) }
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
    func found(_ channel: Channel, locale: String) -> (locale: String, parts: Programs)? {
        guard !channel.isGroup || group else { return nil }
        if let parts = programs[locale], parts.suffice(for: channel) { return (locale, parts) }
        if let dash = locale.utf8.firstIndex(of: UInt8(ascii: "-")) {
            let language = String(locale[..<dash])
            if let parts = programs[language], parts.suffice(for: channel) { return (language, parts) }
        }
        guard let parts = programs[Self.fallback], parts.suffice(for: channel) else { return nil }
        return (Self.fallback, parts)
    }
}

/// The compiled parts of one locale.
struct Programs: Sendable {
    private var parts = [Program?](repeating: nil, count: Part.allCases.count)

    subscript(part: Part) -> Program? {
        get { parts[part.place] }
        set { parts[part.place] = newValue }
    }

    /// Whether there is all without which the channel has nothing to say.
    func suffice(for channel: Channel) -> Bool {
        func has(_ part: Part) -> Bool { parts[part.place] != nil }
        return switch channel {
        case .email: has(.subject) && has(.mailHTML)
        case .sms: has(.sms)
        case .max, .maxChat, .telegram, .vk: has(.messenger)
        case .push: has(.push)
        case .voice: has(.voice)
        case .paper: has(.paper)
        }
    }
}

extension Part {
    fileprivate var place: Int {
        switch self {
        case .subject: 0
        case .mailHTML: 1
        case .mailText: 2
        case .sms: 3
        case .messenger: 4
        case .push: 5
        case .voice: 6
        case .paper: 7
        }
    }
}
