import Glibc

/// A text as lines that end in CR LF, the last one too; LF alone and CR alone end lines as well.
struct MailLines {
    private(set) var bytes: [UInt8] = []
    /// Bytes that are not ASCII.
    private(set) var foreign = 0
    private(set) var holdsNUL = false

    init(_ text: String) {
        bytes.reserveCapacity(text.utf8.count + 64)
        let span = text.utf8.span
        span.withUnsafeBytes { text in
            holdsNUL = text.first(0, from: 0) != nil
            foreign = Self.foreign(text)
            if text.first(0x0D, from: 0) == nil { addLines(text) } else { addOddLines(text) }
        }
        if bytes.last != 0x0A { bytes += [0x0D, 0x0A] }
    }

    /// The usual case: no CR anywhere.
    private mutating func addLines(_ text: UnsafeRawBufferPointer) {
        var start = 0
        while let end = text.first(0x0A, from: start) {
            bytes.append(contentsOf: text[start..<end])
            bytes.append(0x0D)
            bytes.append(0x0A)
            start = end + 1
        }
        bytes.append(contentsOf: text[start...])
    }

    private mutating func addOddLines(_ text: UnsafeRawBufferPointer) {
        var previous: UInt8 = 0
        for byte in text {
            defer { previous = byte }
            if byte == 0x0A, previous == 0x0D { continue }
            if byte == 0x0A || byte == 0x0D { bytes += [0x0D, 0x0A] } else { bytes.append(byte) }
        }
    }

    /// In sums of bytes, of which the compiler takes many at once.
    private static func foreign(_ text: UnsafeRawBufferPointer) -> Int {
        var foreign = 0
        for start in stride(from: 0, to: text.count, by: 128) {
            var some: UInt8 = 0
            for at in start..<min(start + 128, text.count) { some &+= text[at] >> 7 }
            foreign += Int(some)
        }
        return foreign
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func first(_ byte: UInt8, from start: Int) -> Int? {
        guard let baseAddress, let found = memchr(baseAddress + start, Int32(byte), count - start) else { return nil }
        return UnsafeRawPointer(found) - baseAddress
    }
}
