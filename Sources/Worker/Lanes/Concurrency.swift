/// How many submissions an account bears at once, learnt from its answers: each success adds 1/N, each sign of overload
/// takes 1/N away, so that a whole round of N answers moves it by one (Postfix's 1/N feedback, SCHEDULER_README; with
/// steps of one it defers three times as much). Up to the first overload every success adds one.
struct Concurrency: Sendable {
    private let maximum: Double
    private var exact: Double
    private var ramping = true

    init(maximum: Int) {
        self.maximum = Double(max(1, maximum))
        exact = min(5, self.maximum)
    }

    var limit: Int { Int(exact) }

    mutating func succeeded() { exact = min(maximum, exact + (ramping ? 1 : 1 / exact)) }

    mutating func overloaded() {
        ramping = false
        exact = max(1, exact - 1 / exact)
    }

    /// After a rest: the first ones feel their way.
    mutating func restart() {
        exact = min(5, maximum)
        ramping = true
    }
}
