import Domain
import Intake
import Rendering

/// Templates and what they say, as the API shows them.
enum TemplateJSON {
    /// - Parameter versions: all that can still be rendered; shown where one template is asked for.
    static func template(_ template: Template, versions: [String]? = nil) -> JSON {
        .object(
            ("id", .string(template.ref.id)), ("version", .string(template.ref.version)),
            ("versions", versions.map { .array($0.map(JSON.string)) }), ("purpose", .string(template.purpose.text)),
            ("locales", .array(template.locales.map(JSON.string))),
            ("channels", .array(template.channels.map { .string($0.rawValue) })),
            ("group", .bool(template.group)), ("variables", .array(template.variables.map(variable))),
            (
                "samples",
                .array(
                    template.samples.map {
                        .object(("name", .string($0.name)), ("variables", values($0.values)))
                    })
            ))
    }

    private static func variable(_ declared: VariableDeclaration) -> JSON {
        .object(
            ("name", .string(declared.name)), ("type", .string(declared.type.rawValue)),
            ("required", .bool(declared.required)), ("personal", .bool(declared.personal)),
            ("fields", declared.fields.isEmpty ? nil : .array(declared.fields.map(variable))))
    }

    /// By name: a dictionary has no order of its own.
    private static func values(_ values: Variables) -> JSON {
        .object(
            values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                .map { JSON.Member($0.key, value($0.value)) })
    }

    private static func value(_ variable: Variable) -> JSON {
        switch variable {
        case .text(let text): .string(text)
        case .flag(let flag): .bool(flag)
        case .list(let rows): .array(rows.map(values))
        }
    }

    /// What the addressee would read; an SMS with what it costs.
    static func text(_ channel: Channel, _ content: Content) -> JSON {
        let sms = channel == .sms ? SMSParts.count(content.text) : nil
        return .object(
            ("channel", .string(channel.rawValue)), ("subject", .text(content.subject)),
            ("text", .string(content.text)), ("html", .text(content.html)), ("buttons", buttons(content.buttons)),
            ("encoding", .text(sms?.encoding.rawValue)), ("units", sms.map { .count($0.units) }),
            ("parts", sms.map { .count($0.parts) }))
    }

    private static func buttons(_ buttons: [Button]) -> JSON? {
        if buttons.isEmpty { return nil }
        return .array(buttons.map { .object(("title", .string($0.title)), ("url", .string($0.url))) })
    }
}
