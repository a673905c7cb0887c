/// Text written into bytes, for those who write many: no String is made on the way.
extension [UInt8] {
    package mutating func add(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func add(_ text: String) {
        let span = text.utf8.span
        span.withUnsafeBufferPointer { append(contentsOf: $0) }
    }

    /// - Parameter number: not negative.
    package mutating func add(decimal number: Int) {
        if number >= 10 { add(decimal: number / 10) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
