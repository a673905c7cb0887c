/// The name of a calling system: `billing-1c`. Typed by people, compared by programs: 1…64 small Latin letters, digits,
/// `.`, `_` and `-`, beginning with a letter or digit.
package struct ClientName: Sendable, Hashable, CustomStringConvertible {
    package let text: String
    package init?(_ text: String) {
        guard (1...64).contains(text.utf8.count), let first = text.utf8.first, Self.isPlain(first),
            text.utf8.allSatisfy({ Self.isPlain($0) || "._-".utf8.contains($0) })
        else { return nil }
        self.text = text
    }
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }
    package var description: String { text }
}
