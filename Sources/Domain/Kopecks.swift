/// A sum of roubles as whole kopecks, below zero too: never a binary fraction.
package struct Kopecks: Sendable, Hashable, Comparable {
    package let count: Int64
    package init(_ count: Int64) { self.count = count }

    /// `3250.50`, `3250.5`, `3250`, `-12.00`: ASCII digits, at most twelve before the point; nil for all else, `-0` is 0.
    package init?(_ text: String) {
        var digits = text.utf8[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let roubles = parts.first.flatMap({ Self.number($0, 1...12) }), parts.count <= 2 else { return nil }
        var hundredths: Int64 = 0
        if parts.count == 2 {
            guard let part = Self.number(parts[1], 1...2) else { return nil }
            hundredths = parts[1].count == 1 ? part * 10 : part
        }
        let sum = roubles * 100 + hundredths
        count = isNegative ? -sum : sum
    }

    private static func number(_ digits: Substring.UTF8View, _ lengths: ClosedRange<Int>) -> Int64? {
        guard lengths.contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// `3250.50`, as it is read.
    package var text: String {
        let size = count.magnitude, hundredths = size % 100
        return "\(count < 0 ? "-" : "")\(size / 100).\(hundredths < 10 ? "0" : "")\(hundredths)"
    }

    package static func < (one: Self, other: Self) -> Bool { one.count < other.count }
}
