/// Decimal digits as bytes. ASCII only: `Int("٣")` is nil, but `\d` and `isNumber` are not.
enum Digits {
    static func value(of bytes: Bytes, _ count: ClosedRange<Int>) -> Int64? {
        guard count.contains(bytes.count) else { return nil }
        var value: Int64 = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        return value
    }

    static func write(_ value: UInt64, into output: inout [UInt8]) {
        if value >= 10 { write(value / 10, into: &output) }
        output.append(0x30 + UInt8(value % 10))
    }

    /// The last `width` digits, with zeros before them where there are fewer.
    static func write(_ value: UInt64, width: Int, into output: inout [UInt8]) {
        if width > 1 { write(value / 10, width: width - 1, into: &output) }
        output.append(0x30 + UInt8(value % 10))
    }

    /// `1 234 567` with U+00A0; four digits are grouped too, so that columns of sums line up.
    static func writeGrouped(_ value: UInt64, into output: inout [UInt8]) {
        guard value >= 1000 else { return write(value, into: &output) }
        writeGrouped(value / 1000, into: &output)
        output.append("\u{A0}")
        write(value % 1000, width: 3, into: &output)
    }
}
