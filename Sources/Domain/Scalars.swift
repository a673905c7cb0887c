extension UnsafeBufferPointer<UInt8> {
    /// The scalars of a text's UTF-8, until `body` says false. Our texts are valid; what is not is read as U+FFFD.
    @inline(__always)
    func forEachScalar(_ body: (Unicode.Scalar) -> Bool) {
        var index = 0
        while index < count {
            let (value, length) = scalarValue(at: index)
            guard body(Unicode.Scalar(value) ?? "\u{FFFD}") else { return }
            index += length
        }
    }

    @inline(__always)
    private func scalarValue(at index: Int) -> (UInt32, length: Int) {
        func tail(_ place: Int) -> UInt32 { index + place < count ? UInt32(self[index + place] & 0x3F) : 0 }
        let head = UInt32(self[index])
        switch head {
        case 0..<0x80: return (head, 1)
        case 0xC0..<0xE0: return ((head & 0x1F) << 6 | tail(1), 2)
        case 0xE0..<0xF0: return ((head & 0x0F) << 12 | tail(1) << 6 | tail(2), 3)
        case 0xF0..<0xF8: return ((head & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4)
        default: return (0xFFFD, 1)
        }
    }
}
