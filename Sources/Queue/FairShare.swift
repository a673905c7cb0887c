package import Domain

/// Strict order of priority, but a tenth of all claims belongs to the lower priorities in turn: an endless emergency
/// delays a newsletter, it does not bury it.
package struct FairShare: Sendable {
    private static let lower: [Priority] = [.bulk, .normal, .high]
    private var tenths = 0
    private var next = 0

    package init() {}

    /// How many of `limit` claims each lower priority may have before the strict order takes the rest.
    package mutating func reserve(of limit: Int) -> [(priority: Priority, count: Int)] {
        tenths += limit
        let reserved = min(tenths / 10, limit)
        tenths %= 10
        var counts = [Int](repeating: 0, count: Self.lower.count)
        for _ in 0..<reserved {
            counts[next] += 1
            next = (next + 1) % Self.lower.count
        }
        return zip(Self.lower, counts).map { ($0, $1) }
    }
}
