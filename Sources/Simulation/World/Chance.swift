import Synchronization

/// SplitMix64: one seed, one world. The state moves by a fixed odd step, so two streams of different seeds do not meet.
final class Chance: Sendable {
    private let state: Mutex<UInt64>
    init(_ seed: UInt64) { state = Mutex(seed) }

    func next() -> UInt64 {
        let step = state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            return state
        }
        var mixed = (step ^ (step >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A stream of its own, so that one more question here does not change the answers there.
    func fork() -> Chance { Chance(next()) }

    func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }
    func happens(_ probability: Double) -> Bool { fraction() < probability }
    func among(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }
    func one<Value>(of values: [Value]) -> Value { values[among(0...values.count - 1)] }

    /// By weight; the sum of the weights must be above 0.
    func weighed<Value>(_ choices: [(Double, Value)]) -> Value {
        var rest = fraction() * choices.reduce(0) { $0 + $1.0 }
        for (weight, value) in choices {
            if rest < weight { return value }
            rest -= weight
        }
        return choices[choices.count - 1].1
    }
}
