import Domain
import Rendering

/// `template.yaml` → the declared half of a template: purpose, variables, buttons, samples.
enum TemplateManifest {
    static func read(_ text: String, file: String, id: String) throws(ConfigurationError) -> TemplateSource {
        var keys = try YAMLValue(parsing: text, file: file).mapping()
        let purpose = try keys.require("purpose").string()
        var source = TemplateSource(id: id, purpose: purpose, parts: [:])
        if let group = try keys.take("group")?.bool() { source.group = group }
        if let parts = try keys.take("sms_parts")?.int(in: 1...10) { source.smsParts = parts }
        if let variables = keys.take("variables") { source.variables = try declarations(variables) }
        if let buttons = keys.take("buttons") { source.buttons = try self.buttons(buttons) }
        if let samples = keys.take("samples") { source.samples = try self.samples(samples, of: source) }
        try keys.finish()
        return source
    }

    private static func declarations(_ value: YAMLValue) throws(ConfigurationError) -> [VariableDeclaration] {
        var names = try value.mapping()
        var all: [VariableDeclaration] = []
        for (name, value) in names.rest() {
            var keys = try value.mapping()
            var one = VariableDeclaration(name, try keys.require("type").word(of: VariableType.self))
            if let required = try keys.take("required")?.bool() { one.required = required }
            if let personal = try keys.take("personal")?.bool() { one.personal = personal }
            if let fields = keys.take("fields") { one.fields = try declarations(fields) }
            try keys.finish()
            all.append(one)
        }
        return all
    }

    private static func buttons(_ value: YAMLValue) throws(ConfigurationError) -> [ButtonDeclaration] {
        var all: [ButtonDeclaration] = []
        for value in try value.list() {
            var keys = try value.mapping()
            let title = try keys.require("title")
            var titles: [String: String] = [:]
            if title.isMapping {
                var locales = try title.mapping()
                for (locale, text) in locales.rest() { titles[locale] = try text.string() }
            } else {
                titles["ru"] = try title.string()
            }
            let url = try keys.require("url")
            all.append(ButtonDeclaration(title: titles, urls: url.isList ? try url.strings() : [try url.string()]))
            try keys.finish()
        }
        return all
    }

    /// Samples are checked here and not only by the compiler, because here their lines are known.
    private static func samples(
        _ value: YAMLValue, of source: TemplateSource
    ) throws(ConfigurationError) -> [TemplateSample] {
        var names = try value.mapping()
        var all: [TemplateSample] = []
        for (name, value) in names.rest() {
            let sample = TemplateSample(name, try values(value, source.variables))
            if let problem = source.problems(in: sample.values).first {
                throw value.error(TemplateFault.badSample(name, problem).words)
            }
            all.append(sample)
        }
        return all
    }

    private static func values(
        _ value: YAMLValue, _ declared: [VariableDeclaration]
    ) throws(ConfigurationError) -> Variables {
        var members = try value.mapping()
        var all: Variables = [:]
        for (name, value) in members.rest() {
            let declaration = declared.first { $0.name == name }
            if value.isList {
                var rows: [[String: Variable]] = []
                for row in try value.list() { rows.append(try values(row, declaration?.fields ?? [])) }
                all[name] = .list(rows)
            } else if declaration?.type == .flag {
                all[name] = .flag(try value.bool())
            } else {
                all[name] = .text(try value.string())
            }
        }
        return all
    }
}
