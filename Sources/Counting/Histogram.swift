/// How often something took how long, in seconds.
package struct Histogram: Sendable, Equatable {
    package enum Kind: Sendable {
        case attempt
        case wait
        case commit

        /// Upper bounds; what is longer than the last is counted in the sum only.
        package var bounds: [Double] {
            switch self {
            case .attempt: Self.attemptBounds
            case .wait: Self.waitBounds
            case .commit: Self.commitBounds
            }
        }

        private static let attemptBounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
        private static let waitBounds = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400]
        private static let commitBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
    }

    package let kind: Kind
    /// One for each bound, not yet summed up.
    package private(set) var buckets: [Int]
    package private(set) var count = 0
    package private(set) var sum = 0.0

    package init(_ kind: Kind) {
        self.kind = kind
        buckets = Array(repeating: 0, count: kind.bounds.count)
    }

    /// What a clock that was set back made negative counts as nothing.
    package mutating func add(_ seconds: Double) {
        let seconds = max(0, seconds)
        count += 1
        sum += seconds
        if let place = kind.bounds.firstIndex(where: { seconds <= $0 }) { buckets[place] += 1 }
    }
}
