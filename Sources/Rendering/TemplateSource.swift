package import Domain

/// Everything a template is made of, in one value that needs no other file: what is archived with the messages.
package struct TemplateSource: Sendable, Hashable, Codable {
    package var id: String
    /// Why messages of this template are written; a `PurposeID`.
    package var purpose: String
    /// The template may go to a house group. There all that is personal counts as absent.
    package var group: Bool
    /// An SMS of more parts than this is an error at accept, not a bill at the end of the month.
    package var smsParts: Int
    package var variables: [VariableDeclaration]
    package var buttons: [ButtonDeclaration]
    package var samples: [TemplateSample]
    /// locale → name of the part's file → text.
    package var parts: [String: [String: String]]
    /// `ru/foot.html`, `shared/head.html` → text: only those that the parts reach.
    package var partials: [String: String]

    package init(
        id: String, purpose: String, group: Bool = false, smsParts: Int = 4, variables: [VariableDeclaration] = [],
        buttons: [ButtonDeclaration] = [], samples: [TemplateSample] = [], parts: [String: [String: String]],
        partials: [String: String] = [:]
    ) {
        self.id = id
        self.purpose = purpose
        self.group = group
        self.smsParts = smsParts
        self.variables = variables
        self.buttons = buttons
        self.samples = samples
        self.parts = parts
        self.partials = partials
    }

    /// The same check as at accept, for samples and for tools that have no compiled template.
    package func problems(in values: Variables) -> [VariableProblem] {
        ValueCheck.problems(in: values, declared: variables)
    }
}

/// One text of a template. The raw value is the name of its file.
package enum Part: String, Sendable, CaseIterable {
    case subject = "subject.txt"
    case mailHTML = "email.html"
    case mailText = "email.txt"
    case sms = "sms.txt"
    case messenger = "messenger.html"
    case push = "push.txt"
    case voice = "voice.txt"
    case paper = "paper.html"

    /// The longest result in bytes. More is an error: half a notice is worse than none.
    var limit: Int {
        switch self {
        case .subject: 900
        case .mailHTML, .paper: 400_000
        case .mailText: 100_000
        case .sms: 4_000
        case .messenger: 16_000
        case .push: 1_000
        case .voice: 8_000
        }
    }
}

/// What a variable's text must look like. The raw value is the word in `template.yaml`.
package enum VariableType: String, Sendable, CaseIterable, Codable {
    /// One line of words.
    case text
    /// Roubles: `3250.50`, `3250`, `-12.00`; never a binary fraction.
    case money
    /// `2026-12-15`
    case date
    /// `2026-11`
    case month
    /// `2026-11-24T10:15` with or without seconds and offset; shown by the clock it is written in, the house's own.
    case datetime
    /// 3 to 15 digits, written as people write phones.
    case phone
    /// `https:`, `tel:` or `mailto:`, ASCII only.
    case url
    /// A whole number, 0 to 999999999.
    case number
    /// true or false.
    case flag
    /// Rows with the same fields each.
    case list
}

/// A variable that the caller gives, or a field of a list's row.
package struct VariableDeclaration: Sendable, Hashable, Codable {
    package var name: String
    package var type: VariableType
    package var required: Bool
    /// Tells about one household: never shown in a group.
    package var personal: Bool
    /// Fields of a `list`; empty for all other types.
    package var fields: [VariableDeclaration]
    package init(
        _ name: String, _ type: VariableType, required: Bool = true, personal: Bool = false,
        fields: [VariableDeclaration] = []
    ) {
        self.name = name
        self.type = type
        self.required = required
        self.personal = personal
        self.fields = fields
    }
}

/// A link under a messenger's text. Of `urls`, names of url variables, the first that has a value is used; if none has,
/// there is no button.
package struct ButtonDeclaration: Sendable, Hashable, Codable {
    /// locale → title, at most 40 characters.
    package var title: [String: String]
    package var urls: [String]
    package init(title: [String: String], urls: [String]) {
        self.title = title
        self.urls = urls
    }
}

/// Made-up values that show the template: for previews, for tests, for the length of the longest SMS.
package struct TemplateSample: Sendable, Hashable {
    package var name: String
    package var values: Variables
    package init(_ name: String, _ values: Variables) {
        self.name = name
        self.values = values
    }
}

extension TemplateSample: Codable {
    private enum Key: String, CodingKey { case name, values }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        name = try container.decode(String.self, forKey: .name)
        values = try container.decode([String: ArchivedValue].self, forKey: .values).mapValues(\.variable)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        try container.encode(values.mapValues(ArchivedValue.init), forKey: .values)
    }
}

/// The JSON form of a variable: text, true or false, or an array of objects.
private struct ArchivedValue: Codable {
    let variable: Variable
    init(_ variable: Variable) { self.variable = variable }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            variable = .text(text)
        } else if let flag = try? container.decode(Bool.self) {
            variable = .flag(flag)
        } else {
            let rows = try container.decode([[String: ArchivedValue]].self)
            variable = .list(rows.map { $0.mapValues(\.variable) })
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch variable {
        case .text(let text): try container.encode(text)
        case .flag(let flag): try container.encode(flag)
        case .list(let rows): try container.encode(rows.map { $0.mapValues(ArchivedValue.init) })
        }
    }
}
