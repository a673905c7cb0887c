package import Domain

/// Config/purposes.yaml: why we write, on what ground, when and through which channels.
package enum PurposeFile {
    /// - Parameters:
    ///   - text: the whole file.
    ///   - file: its name in errors.
    package static func read(
        _ text: String, file: String
    ) throws(ConfigurationErrors) -> [PurposeID: Purpose] {
        var purposes: [PurposeID: Purpose] = [:]
        for entry in try entries(text, file: file) { purposes[entry.purpose.id] = entry.purpose }
        return purposes
    }

    /// A purpose with the place of its channels, for what only shows beside the other files.
    struct Entry {
        let purpose: Purpose
        let channels: YAMLValue
    }

    /// In the order of the file.
    static func entries(_ text: String, file: String) throws(ConfigurationErrors) -> [Entry] {
        var complaints = Complaints()
        var entries: [Entry] = []
        if var root = complaints.noting({ () throws(ConfigurationError) in
            try YAMLValue(parsing: text, file: file).mapping()
        }) {
            let list = complaints.noting { () throws(ConfigurationError) in try root.require("purposes").mapping() }
            complaints.add(root.strangers)
            if var list {
                for (name, value) in list.rest() {
                    if let entry = entry(name, value, &complaints) { entries.append(entry) }
                }
            }
        }
        try complaints.check()
        return entries
    }

    private static func entry(_ name: String, _ value: YAMLValue, _ complaints: inout Complaints) -> Entry? {
        guard let id = PurposeID(name) else {
            complaints.add(
                value.error(
                    Words(
                        ru: "имя цели: строчные латинские буквы, цифры и _",
                        en: "a purpose's name has lower-case Latin letters, digits and _")))
            return nil
        }
        guard var map = complaints.noting({ () throws(ConfigurationError) in try value.mapping() }) else { return nil }
        let title = complaints.noting { () throws(ConfigurationError) in try Self.title(map.require("title")) }
        let basis = complaints.noting { () throws(ConfigurationError) in
            try map.require("basis").word(of: Purpose.Basis.self)
        }
        let place = complaints.noting { () throws(ConfigurationError) in try map.require("channels") }
        let channels = place.flatMap { place in
            complaints.noting { () throws(ConfigurationError) in try Self.channels(place) }
        }
        let quiet = complaints.noting { () throws(ConfigurationError) -> Quiet in
            try map.take("quiet_hours").map { value throws(ConfigurationError) in try quietHours(value) } ?? Quiet()
        }
        let mandatory = complaints.noting { () throws(ConfigurationError) in try map.take("mandatory")?.bool() ?? false
        }
        let unconfirmed = complaints.noting { () throws(ConfigurationError) in
            try map.take("on_unconfirmed")?.word(of: Purpose.OnUnconfirmed.self) ?? .hold
        }
        let doubt = complaints.noting { () throws(ConfigurationError) in
            try map.take("on_doubt")?.word(of: Purpose.OnDoubt.self) ?? .suppress
        }
        let factsAge = complaints.noting { () throws(ConfigurationError) -> FactsAge in
            FactsAge(limit: try map.take("facts_max_age")?.duration(in: .seconds(60)...(.seconds(366 * 86_400))))
        }
        let priority = complaints.noting { () throws(ConfigurationError) in
            try map.take("priority").map { value throws(ConfigurationError) in try Self.priority(value) } ?? .normal
        }
        let life = complaints.noting { () throws(ConfigurationError) in
            try map.take("life")?.duration(in: .seconds(60)...(.seconds(366 * 86_400))) ?? .seconds(3 * 86_400)
        }
        complaints.add(map.strangers)
        guard let title, let basis, let place, let channels, let quiet, let mandatory, let unconfirmed, let doubt,
            let factsAge, let priority, let life
        else { return nil }
        if mandatory, basis == .consent {
            complaints.add(
                value.error(
                    Words(
                        ru: "цель по согласию не может быть обязательной",
                        en: "a purpose that rests on consent cannot be mandatory")))
        }
        let purpose = Purpose(
            id: id, title: title, basis: basis, mandatory: mandatory, channels: channels, quietHours: quiet.hours,
            onUnconfirmed: unconfirmed, onDoubt: doubt, factsMaxAge: factsAge.limit, priority: priority, life: life)
        return Entry(purpose: purpose, channels: place)
    }

    /// Set on purpose to nothing, or to hours; unlike nil, which is an error.
    private struct Quiet { var hours: QuietHours? }
    private struct FactsAge { var limit: Duration? }

    private static func title(_ value: YAMLValue) throws(ConfigurationError) -> [String: String] {
        var map = try value.mapping()
        var title: [String: String] = [:]
        for language in Language.allCases {
            let text = try map.require(language.rawValue)
            title[language.rawValue] = try text.line()
        }
        try map.finish()
        return title
    }

    private static func channels(_ value: YAMLValue) throws(ConfigurationError) -> [Channel] {
        var channels: [Channel] = []
        for item in try value.list() {
            let channel = try item.word(of: Channel.self)
            guard !channels.contains(channel) else {
                throw item.error(Words(ru: "канал повторяется", en: "the channel is repeated"))
            }
            channels.append(channel)
        }
        guard !channels.isEmpty else {
            throw value.error(Words(ru: "нужен хотя бы один канал", en: "at least one channel is needed"))
        }
        return channels
    }

    private static func priority(_ value: YAMLValue) throws(ConfigurationError) -> Priority {
        let text = try value.string()
        guard let priority = Priority(name: text) else {
            throw value.unknown(text, among: Priority.allCases.map(\.name))
        }
        return priority
    }

    /// `none`, or `{from: "22:00", to: "08:00", weekend: {from: "20:00", to: "09:00"}}`.
    private static func quietHours(_ value: YAMLValue) throws(ConfigurationError) -> Quiet {
        if !value.isMapping {
            guard try value.string() == "none" else {
                throw value.error(
                    Words(
                        ru: "нужно none или {from: \"22:00\", to: \"08:00\"}",
                        en: "none or {from: \"22:00\", to: \"08:00\"} is needed"))
            }
            return Quiet()
        }
        var map = try value.mapping()
        let weekend = try map.take("weekend").map { value throws(ConfigurationError) -> QuietHours.Span in
            var map = try value.mapping()
            let span = try Self.span(&map)
            try map.finish()
            return span
        }
        let working = try span(&map)
        try map.finish()
        return Quiet(hours: QuietHours(workingDay: working, weekend: weekend))
    }

    private static func span(_ map: inout YAMLMapping) throws(ConfigurationError) -> QuietHours.Span {
        let from = try map.require("from").timeOfDay()
        let to = try map.require("to")
        let end = try to.timeOfDay()
        guard from != end else {
            throw to.error(
                Words(
                    ru: "начало и конец совпадают; без тихих часов: none",
                    en: "begins when it ends; no quiet hours: none"))
        }
        return QuietHours.Span(from: from, to: end)
    }
}
