package import Domain

/// What is wrong in a file of ours, where, and what to do. Start-up ends with exit code 78 and this text.
package struct ConfigurationError: Error, Sendable, Hashable {
    package var file: String
    /// 1 for the first; nil when the file as a whole is meant.
    package var line: Int?
    /// `providers.sms-a.rate`; empty for the whole file.
    package var key: String
    package var problem: Words
    package init(file: String, line: Int? = nil, key: String = "", problem: Words) {
        self.file = file
        self.line = line
        self.key = key
        self.problem = problem
    }
    package func text(_ language: Language) -> String {
        let place = line.map { "\(file):\($0)" } ?? file
        return key.isEmpty ? "\(place): \(problem(language))" : "\(place): \(key): \(problem(language))"
    }
}
