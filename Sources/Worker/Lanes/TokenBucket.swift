/// So many units a second, a few at once after a rest. Time is uptime in milliseconds: nobody can set it.
struct TokenBucket: Sendable {
    private let rate: Double
    private let burst: Double
    private var level: Double
    private var filled: Int64

    /// - Parameters:
    ///   - rate: units per second, above 0.
    ///   - burst: units that fit, at least 1.
    init(rate: Double, burst: Double, at now: Int64) {
        self.rate = rate
        self.burst = max(1, burst)
        level = self.burst
        filled = now
    }

    /// Takes `cost` and says true, or takes nothing. What costs more than fits goes when the bucket is full, and leaves a
    /// debt: a long SMS must not wait for ever.
    mutating func take(_ cost: Double, at now: Int64) -> Bool {
        fill(at: now)
        guard level >= min(cost, burst) else { return false }
        level -= cost
        return true
    }

    /// What was taken did not go.
    mutating func giveBack(_ cost: Double) { level = min(burst, level + cost) }

    /// When `cost` could be taken.
    func ready(for cost: Double, at now: Int64) -> Int64 {
        var copy = self
        copy.fill(at: now)
        let missing = min(cost, burst) - copy.level
        return missing <= 0 ? now : now + Int64((missing / rate * 1000).rounded(.up))
    }

    private mutating func fill(at now: Int64) {
        guard now > filled else { return }
        level = min(burst, level + Double(now - filled) / 1000 * rate)
        filled = now
    }
}
