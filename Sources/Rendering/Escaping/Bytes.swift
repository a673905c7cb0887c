/// A text as it lies in memory, lent for as long as a call lasts. All our text is stored as UTF-8, so lending copies
/// nothing but the shortest of texts.
typealias Bytes = UnsafeBufferPointer<UInt8>

extension String {
    func withBytes<Result>(_ body: (Bytes) -> Result) -> Result {
        var text = self
        return text.withUTF8(body)
    }
}

extension UnsafeBufferPointer<UInt8> {
    func part(_ range: Range<Int>) -> Bytes { Bytes(rebasing: self[range]) }

    /// The first such byte at `start` or behind it.
    func next(_ byte: UInt8, from start: Int) -> Int? {
        var index = start
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// Without blanks and control bytes at its ends.
    var trimmed: Bytes {
        guard let first = firstIndex(where: { $0 > 0x20 }), let last = lastIndex(where: { $0 > 0x20 }) else {
            return part(0..<0)
        }
        return part(first..<last + 1)
    }

    /// Where an ASCII prefix ends, compared without regard to case; nil when it is not there or nothing follows it.
    func end(of prefix: StaticString) -> Int? {
        let length = prefix.utf8CodeUnitCount
        guard count > length else { return nil }
        for index in 0..<length where lowerASCII(self[index]) != prefix.utf8Start[index] { return nil }
        return length
    }
}

extension [UInt8] {
    mutating func append(_ text: StaticString) {
        append(contentsOf: Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ text: String) { text.withBytes { append(contentsOf: $0) } }

    /// What follows an ASCII prefix, compared without regard to case; nil when it is not there.
    func rest(after prefix: StaticString) -> ArraySlice<UInt8>? {
        guard let end = withUnsafeBufferPointer({ $0.end(of: prefix) }) else { return nil }
        return self[end...]
    }
}

func lowerASCII(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
