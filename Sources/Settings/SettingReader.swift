package import Domain

/// Where a value came from. A flag wins over the environment, that over the file, the file over the default.
package enum Origin: Sendable, Hashable {
    case flag(String), environment(String), file(line: Int?), builtIn

    package var words: Words {
        switch self {
        case .flag(let name): Words(ru: "флаг \(name)", en: "flag \(name)")
        case .environment(let name): Words(ru: "окружение \(name)", en: "environment \(name)")
        case .file(let line):
            line.map { Words(ru: "файл, строка \($0)", en: "file, line \($0)") } ?? Words(ru: "файл", en: "file")
        case .builtIn: Words(ru: "по умолчанию", en: "default")
        }
    }
}

/// One line of `config print`: what holds and who said so. Secrets are already blacked out.
package struct SettingRow: Sendable, Hashable {
    package let key: String
    package let value: String
    package let origin: Origin
}

/// Reads settings in layers and remembers where each came from. Reading goes on after an error.
struct SettingReader {
    /// Full keys (`worker.window`) to their text.
    let flags: [String: String]
    let environment: [String: String]
    var complaints = Complaints()
    private(set) var rows: [SettingRow] = []
    private var layered: [String] = []

    init(flags: [String: String], environment: [String: String]) {
        self.flags = flags
        self.environment = environment
    }

    /// `worker.window` → `VESTNIK_WORKER_WINDOW`.
    static func variable(_ path: String) -> String {
        "VESTNIK_" + path.split(separator: ".").joined(separator: "_").uppercased()
    }

    /// One scalar through all layers; `parse` is asked once, of the layer that won.
    mutating func read<Value>(
        _ key: String, in map: inout YAMLMapping, default builtIn: Value?, shown: (Value) -> String = { "\($0)" },
        _ parse: (YAMLValue) throws(ConfigurationError) -> Value
    ) -> Value? {
        let path = map.value.path.isEmpty ? key : map.value.path + "." + key
        layered.append(path)
        let inFile = map.take(key)
        guard let (value, origin) = winner(path, inFile) else {
            guard let builtIn else {
                complaints.add(map.value.error(Words(ru: "не хватает ключа \(key)", en: "the key \(key) is missing")))
                return nil
            }
            note(path, shown(builtIn), .builtIn)
            return builtIn
        }
        guard let parsed = complaints.noting({ () throws(ConfigurationError) in try parse(value) }) else { return nil }
        note(path, shown(parsed), origin)
        return parsed
    }

    /// One word of a closed list.
    mutating func word<Kind: RawRepresentable & CaseIterable>(
        _ key: String, in map: inout YAMLMapping, default builtIn: Kind
    ) -> Kind? where Kind.RawValue == String {
        read(key, in: &map, default: builtIn, shown: { $0.rawValue }) { value throws(ConfigurationError) in
            try value.word(of: Kind.self)
        }
    }

    /// Nil where no layer names it.
    mutating func readIfAny(
        _ key: String, in map: inout YAMLMapping, _ parse: (YAMLValue) throws(ConfigurationError) -> String
    ) -> String? {
        let text: String? = read(key, in: &map, default: "", shown: { $0 }, parse)
        return text?.isEmpty == false ? text : nil
    }

    mutating func note(_ key: String, _ value: String, _ origin: Origin) {
        rows.append(SettingRow(key: key, value: value, origin: origin))
    }

    /// A section of the file, or an empty one where it has none.
    mutating func section(_ key: String, in map: inout YAMLMapping) -> YAMLMapping {
        if let value = map.take(key),
            let section = complaints.noting({ () throws(ConfigurationError) in try value.mapping() })
        {
            return section
        }
        return YAMLMapping(of: YAMLValue(text: "", named: map.value.file, path: key), members: [])
    }

    private func winner(_ path: String, _ inFile: YAMLValue?) -> (YAMLValue, Origin)? {
        if let text = flags[path] {
            let name = "--" + path.split(whereSeparator: { $0 == "." || $0 == "_" }).joined(separator: "-")
            return (YAMLValue(text: text, named: name, path: path), .flag(name))
        }
        let name = Self.variable(path)
        if let text = environment[name] { return (YAMLValue(text: text, named: name, path: path), .environment(name)) }
        return inFile.map { ($0, .file(line: $0.line)) }
    }

    /// A mistyped variable would be ignored without a word, as a mistyped key must not be. Names of other programs' that
    /// only share our prefix are left alone.
    mutating func checkEnvironment(reserved: Set<String>) {
        let known = layered.map(Self.variable)
        for name in environment.keys.sorted() where name.utf8.starts(with: "VESTNIK_".utf8) {
            guard !known.contains(name), !reserved.contains(name),
                let near = nearestName(to: String(name.dropFirst(8)), among: known.map { String($0.dropFirst(8)) })
            else { continue }
            complaints.add(
                ConfigurationError(
                    file: name,
                    problem: Words(
                        ru: "такой переменной окружения нет; может быть, VESTNIK_\(near)?",
                        en: "there is no such environment variable; did you mean VESTNIK_\(near)?")))
        }
    }
}
