/// What the three escapers of markup share: stretches without a special byte are copied whole.
enum Entities {
    /// - Parameter entity: nil for a byte that stands as it is.
    @inline(__always)
    static func write(_ clean: Bytes, into output: inout [UInt8], _ entity: (UInt8) -> StaticString?) {
        var start = 0
        for index in 0..<clean.count {
            guard let entity = entity(clean[index]) else { continue }
            output.append(contentsOf: clean[start..<index])
            output.append(entity)
            start = index + 1
        }
        output.append(contentsOf: clean[start...])
    }
}
