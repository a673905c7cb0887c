package import FoundationEssentials
import Synchronization

/// What an `ID` names; the prefix is its public face (`msg_`, `att_`, `cns_` …).
package protocol Identified: Sendable { static var prefix: String { get } }
package enum MessageKind: Identified { package static let prefix = "msg_" }
package enum ConsentKind: Identified { package static let prefix = "cns_" }
package enum SuppressionKind: Identified { package static let prefix = "sup_" }
package typealias MessageID = ID<MessageKind>
package typealias ConsentID = ID<ConsentKind>
/// Says nothing about the address: it may stand in a URL.
package typealias SuppressionID = ID<SuppressionKind>

/// A 63-bit, time-sortable key: an integer inside, a prefixed string only at the border.
///
/// Bits, from the top: 41 of milliseconds since 2025-01-01 UTC (until 2094), 10 of node, 12 of sequence.
package struct ID<Kind: Identified>: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let raw: Int64
    package init(raw: Int64) { self.raw = raw }

    /// `msg_` and 13 characters of Crockford's base 32, which sort as the integers do.
    package var text: String {
        var text = ""
        write(to: &text)
        return text
    }
    /// As a part of a longer text.
    package func write(to text: inout String) {
        text += Kind.prefix
        text += Base32.encode(UInt64(bitPattern: raw))
    }
    package var description: String { text }

    /// The bytes of `text`, for those who write many.
    package func append(to bytes: inout [UInt8]) {
        bytes += Kind.prefix.utf8
        Base32.append(UInt64(bitPattern: raw), to: &bytes)
    }

    /// Nil for anything but the exact form that `text` prints.
    package init?(_ text: String) {
        let prefix = Kind.prefix.utf8
        guard text.utf8.starts(with: prefix), let raw = Base32.decode(text.utf8.dropFirst(prefix.count)),
            raw <= UInt64(Int64.max)
        else { return nil }
        self.raw = Int64(raw)
    }

    package static func < (one: Self, other: Self) -> Bool { one.raw < other.raw }

    /// Below every id that was given at this moment or later.
    package init(earliestAt moment: Date) {
        let elapsed = max(0, moment.timeIntervalSince(IDSource.epoch) * 1000)
        raw = elapsed < Double(1 << 41) ? Int64(elapsed) << 22 : .max
    }
}

/// Hands out ids that only ever grow within one process, whatever the wall clock does.
package final class IDSource: Sendable {
    static let epoch = Date(timeIntervalSince1970: 1_735_689_600)
    private let node: Int64
    private let last: Mutex<Int64>

    /// - Parameters:
    ///   - node: 0…1023, different for each process that writes to one database.
    ///   - last: the greatest id already stored, so that a clock set back cannot repeat one.
    package init(node: Int = 0, after last: Int64 = 0) {
        precondition((0..<1024).contains(node), "a node number has 10 bits")
        self.node = Int64(node)
        self.last = Mutex(last)
    }

    package func next<Kind>(_: Kind.Type = Kind.self, at now: Date) -> ID<Kind> {
        let elapsed = max(0, Int64(now.timeIntervalSince(Self.epoch) * 1000))
        let fresh = elapsed << 22 | node << 12
        return last.withLock { last in
            // Past 4,096 ids in a millisecond, or after the clock went back, we borrow from the milliseconds to come.
            if fresh > last {
                last = fresh
            } else {
                let following = last + 1
                let spent = following & 0xFFF == 0
                last = spent ? ((last >> 22) + 1) << 22 | node << 12 : following
            }
            return ID<Kind>(raw: last)
        }
    }
}

enum Base32 {
    static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    static func encode(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: 13) { digits in
            for place in 0..<13 { digits[place] = digit(place, of: value) }
            return 13
        }
    }

    /// 13 digits.
    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        for place in 0..<13 { bytes.append(digit(place, of: value)) }
    }

    private static func digit(_ place: Int, of value: UInt64) -> UInt8 {
        alphabet[Int(value >> UInt64(60 - 5 * place) & 31)]
    }

    static func decode(_ digits: some Sequence<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        var count = 0
        for digit in digits {
            guard let worth = alphabet.firstIndex(of: digit), count < 13, value >> 59 == 0 else { return nil }
            value = value << 5 | UInt64(worth)
            count += 1
        }
        return count == 13 ? value : nil
    }
}
