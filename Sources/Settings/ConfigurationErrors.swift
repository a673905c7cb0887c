package import Domain

/// Everything that is wrong in the configuration, in the order of the files: a person corrects it all in one go.
package struct ConfigurationErrors: Error, Sendable, Hashable {
    package let all: [ConfigurationError]
    package init(_ all: [ConfigurationError]) { self.all = all }
    package func text(_ language: Language) -> String { all.map { $0.text(language) }.joined(separator: "\n") }
}

/// Collects errors while a file is read on.
struct Complaints {
    private(set) var all: [ConfigurationError] = []

    mutating func add(_ error: ConfigurationError) { all.append(error) }
    mutating func add(_ errors: [ConfigurationError]) { all += errors }

    /// Nil, and a complaint, where it throws.
    mutating func noting<Value>(_ body: () throws(ConfigurationError) -> Value) -> Value? {
        do throws(ConfigurationError) { return try body() } catch {
            all.append(error)
            return nil
        }
    }

    func check() throws(ConfigurationErrors) {
        if !all.isEmpty { throw ConfigurationErrors(all) }
    }
}
