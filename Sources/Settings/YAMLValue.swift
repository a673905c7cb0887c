package import Domain
import Yams

/// One value of a YAML file with its place in it. Scalars are read by the type we expect, never by YAML's guess:
/// `no`, `0123`, `22:00` and `+7900…` stay text. Errors never quote the file, which may hold secrets.
package struct YAMLValue {
    package let file: String
    package let path: String
    let node: Node
    /// Where the key stands; a mapping's or list's own place begins only with its first member.
    private let keyLine: Int?

    /// - Throws: `ConfigurationError` for text that is not one YAML document, or repeats a key.
    package init(parsing text: String, file: String) throws(ConfigurationError) {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw ConfigurationError(file: file, problem: Words(ru: "файл пуст", en: "the file is empty"))
            }
            self.init(file: file, path: "", node: node)
        } catch let error as ConfigurationError {
            throw error
        } catch let error as YamlError {
            throw Self.unreadable(error, file: file)
        } catch {
            throw ConfigurationError(file: file, problem: Words(ru: "это не YAML", en: "this is not YAML"))
        }
    }

    init(file: String, path: String, node: Node, keyLine: Int? = nil) {
        self.file = file
        self.path = path
        self.node = node
        self.keyLine = keyLine
    }

    /// A value that stands in no file: a flag or a variable of the environment. `file` is its name there.
    init(text: String, named file: String, path: String) {
        self.init(file: file, path: path, node: .scalar(Node.Scalar(text, .implicit, .doubleQuoted)))
    }

    private static func unreadable(_ error: YamlError, file: String) -> ConfigurationError {
        let words: Words
        var line: Int?
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            line = mark.line
            words = Words(ru: "это не YAML: \(problem)", en: "this is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            // Yams' own text for this case quotes the whole file.
            line = Self.secondPlace(of: duplicates, context)
            let names = duplicates.joined(separator: ", ")
            words = Words(ru: "ключ повторяется: \(names)", en: "repeated key: \(names)")
        default:
            words = Words(ru: "это не YAML", en: "this is not YAML")
        }
        return ConfigurationError(file: file, line: line, problem: words)
    }

    /// Where the first of them stands for the second time: Yams knows the first place only. Nil would say nothing, so
    /// what cannot be found that way (two keys in one line) is told with the first place.
    private static func secondPlace(of names: [String], _ context: YamlError.Context) -> Int {
        let lines = context.text.split(separator: "\n", omittingEmptySubsequences: false)
        let key = names.first ?? ""
        for (number, line) in lines.enumerated().dropFirst(context.mark.line) {
            let indent = line.prefix { $0 == " " }.count
            let text = line.dropFirst(indent)
            let isKey = [key, "\"\(key)\"", "'\(key)'"].contains { text.hasPrefix($0 + ":") }
            if isKey, indent + 1 == context.mark.column { return number + 1 }
        }
        return context.mark.line
    }

    package var line: Int? {
        if case .scalar = node { return node.mark?.line }
        return keyLine ?? node.mark?.line
    }

    package func error(_ problem: Words) -> ConfigurationError {
        ConfigurationError(file: file, line: line, key: path, problem: problem)
    }

    package func mapping() throws(ConfigurationError) -> YAMLMapping {
        guard case .mapping(let mapping) = node else {
            throw error(Words(ru: "нужны ключи со значениями", en: "keys with values are needed here"))
        }
        var members: [(key: String, value: YAMLValue)] = []
        for (key, value) in mapping {
            guard case .scalar(let name) = key else {
                throw error(Words(ru: "ключ должен быть словом", en: "a key must be a word"))
            }
            let path = path.isEmpty ? name.string : "\(path).\(name.string)"
            members.append((name.string, YAMLValue(file: file, path: path, node: value, keyLine: key.mark?.line)))
        }
        return YAMLMapping(of: self, members: members)
    }

    package func list() throws(ConfigurationError) -> [YAMLValue] {
        guard case .sequence(let sequence) = node else {
            throw error(Words(ru: "нужен список", en: "a list is needed here"))
        }
        return sequence.enumerated().map { YAMLValue(file: file, path: "\(path)[\($0)]", node: $1) }
    }

    package var isMapping: Bool { if case .mapping = node { true } else { false } }
    package var isList: Bool { if case .sequence = node { true } else { false } }
    /// An empty value, `~` or `null` without quotes.
    package var isNull: Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
        return ["", "~", "null"].contains(scalar.string)
    }

    package func string() throws(ConfigurationError) -> String {
        guard case .scalar(let scalar) = node else { throw error(Words(ru: "нужен текст", en: "text is needed here")) }
        return scalar.string
    }

    package func strings() throws(ConfigurationError) -> [String] {
        var all: [String] = []
        for item in try list() { all.append(try item.string()) }
        return all
    }

    package func bool() throws(ConfigurationError) -> Bool {
        switch try string() {
        case "true": return true
        case "false": return false
        default: throw error(Words(ru: "нужно true или false", en: "true or false is needed here"))
        }
    }

    package func int(in range: ClosedRange<Int> = 0...Int.max) throws(ConfigurationError) -> Int {
        guard let value = Int(try string()), range.contains(value) else {
            let limits = "\(range.lowerBound)…\(range.upperBound == .max ? "" : "\(range.upperBound)")"
            throw error(Words(ru: "нужно целое число \(limits)", en: "a whole number \(limits) is needed here"))
        }
        return value
    }

    /// `500ms`, `30s`, `10m`, `2h`, `3d`: the unit is part of the value.
    package func duration() throws(ConfigurationError) -> Duration {
        let text = try string()
        let units: [(String, Int)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
        for (unit, milliseconds) in units where text.hasSuffix(unit) {
            if let count = Int(text.dropLast(unit.count)), count >= 0, count < 1_000_000 {
                return .milliseconds(count * milliseconds)
            }
        }
        throw error(
            Words(
                ru: "нужна длительность с единицей: 500ms, 30s, 10m, 2h, 3d",
                en: "a duration with its unit is needed: 500ms, 30s, 10m, 2h, 3d"))
    }

    /// One word of a closed list; the error names the nearest one.
    package func word<Kind: RawRepresentable & CaseIterable>(of _: Kind.Type = Kind.self) throws(ConfigurationError)
        -> Kind
    where Kind.RawValue == String {
        let text = try string()
        if let kind = Kind(rawValue: text) { return kind }
        throw unknown(text, among: Kind.allCases.map(\.rawValue))
    }

    package func unknown(_ text: String, among known: [String]) -> ConfigurationError {
        let all = known.joined(separator: ", ")
        guard let near = nearestName(to: text, among: known) else {
            return error(
                Words(
                    ru: "«\(text)» здесь не бывает; бывает: \(all)", en: "\"\(text)\" is not known here; known: \(all)")
            )
        }
        return error(
            Words(
                ru: "«\(text)» здесь не бывает; может быть, \(near)?",
                en: "\"\(text)\" is not known here; did you mean \(near)?"))
    }
}

/// The members of a mapping. Each key is taken once; `finish` refuses what nobody took.
package struct YAMLMapping {
    package let value: YAMLValue
    private var members: [(key: String, value: YAMLValue)]
    private var asked: [String] = []

    init(of value: YAMLValue, members: [(key: String, value: YAMLValue)]) {
        self.value = value
        self.members = members
    }

    /// The keys that are left, in the order of the file.
    package var keys: [String] { members.map(\.key) }

    package mutating func take(_ key: String) -> YAMLValue? {
        asked.append(key)
        guard let index = members.firstIndex(where: { $0.key == key }) else { return nil }
        return members.remove(at: index).value
    }

    package mutating func require(_ key: String) throws(ConfigurationError) -> YAMLValue {
        guard let found = take(key) else {
            throw value.error(Words(ru: "не хватает ключа \(key)", en: "the key \(key) is missing"))
        }
        return found
    }

    /// All that is left, for mappings whose keys are names of the user's own; nothing is unknown after it.
    package mutating func rest() -> [(key: String, value: YAMLValue)] {
        defer { members = [] }
        return members
    }

    package func finish() throws(ConfigurationError) {
        if let stranger = strangers.first { throw stranger }
    }

    /// One error for each key that nobody took.
    package var strangers: [ConfigurationError] { members.map(strange) }

    private func strange(_ stranger: (key: String, value: YAMLValue)) -> ConfigurationError {
        let near = nearestName(to: stranger.key, among: asked)
        return stranger.value.error(
            Words(
                ru: "неизвестный ключ"
                    + (near.map { "; может быть, \($0)?" } ?? "; известны: \(asked.joined(separator: ", "))"),
                en: "unknown key"
                    + (near.map { "; did you mean \($0)?" } ?? "; known: \(asked.joined(separator: ", "))")))
    }
}
