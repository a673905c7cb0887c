/// One rule of policy and what it said: `consent` → `pass (cns_…)`.
package struct DecisionStep: Sendable, Hashable, Codable {
    package var rule: String
    package var result: String
    package init(_ rule: String, _ result: String) {
        self.rule = rule
        self.result = result
    }
}

/// The age of the books: grows with each change to consents, suppressions and recipients. A permit names the age at
/// which it was given, so that a withdrawal just now still wins.
package struct Epoch: Sendable, Hashable, Comparable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
    package static func < (one: Self, other: Self) -> Bool { one.value < other.value }
}

/// The store could not do it. Nothing was half done.
package struct StoreError: Error, Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Another program holds the database; try again.
        case busy
        /// No room on the disk, or the file is read-only.
        case full
        case unreachable
        /// Not our file, damaged, or of a newer version.
        case corrupt
        /// A bug of ours.
        case broken
    }
    package let kind: Kind
    /// For logs and programs.
    package let detail: String
    /// For people, where it is about something they can mend; nil where only the library's own words are known.
    package let words: Words?
    package init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
        words = nil
    }
    package init(_ kind: Kind, _ words: Words) {
        self.kind = kind
        detail = words.en
        self.words = words
    }
    package func told(in language: Language) -> String { words?(language) ?? detail }
}
