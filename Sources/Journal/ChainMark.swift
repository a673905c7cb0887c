/// A place in the chain: a row and the link that it ends with. Whoever keeps one outside of the database can later check
/// only what came behind it, and sees whether anything before it was rewritten since, even if the whole chain was.
package struct ChainMark: Sendable, Hashable {
    package let row: Int64
    /// 32 bytes.
    package let link: [UInt8]

    /// Before the first row.
    package static let origin = ChainMark(row: 0, link: Chain.origin)

    package init(row: Int64, link: [UInt8]) {
        self.row = row
        self.link = link
    }

    /// `120450.9f86d081…`: the number of the row and its link in 64 hexadecimal digits.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")), (1...18).contains(dot), bytes.count == dot + 65
        else { return nil }
        var row: Int64 = 0
        for byte in bytes[..<dot] {
            guard (0x30...0x39).contains(byte) else { return nil }
            row = row * 10 + Int64(byte - 0x30)
        }
        var link: [UInt8] = []
        for place in stride(from: dot + 1, to: bytes.count, by: 2) {
            guard let high = Self.digit(bytes[place]), let low = Self.digit(bytes[place + 1]) else { return nil }
            link.append(high << 4 | low)
        }
        guard row > 0 || link == Chain.origin else { return nil }
        self.init(row: row, link: link)
    }

    package var text: String {
        let digits = Array("0123456789abcdef".utf8)
        let hexadecimal = link.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "\(row)." + String(decoding: hexadecimal, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

/// How far a walk along the chain came, and what it found.
package struct ChainCheck: Sendable, Hashable {
    package let report: ChainReport
    /// The last row that holds.
    package let mark: ChainMark
    /// How many rows there were when the walk began.
    package let rows: Int64
    /// False: it was told to stop, and goes on behind `mark`.
    package let isComplete: Bool
    package init(report: ChainReport, mark: ChainMark, rows: Int64, isComplete: Bool) {
        self.report = report
        self.mark = mark
        self.rows = rows
        self.isComplete = isComplete
    }
}
