/// How fast an account may be used, as its contract says; from the `providers:` section of vestnik.yaml.
package struct Pace: Sendable, Hashable {
    /// What the provider counts.
    package enum Unit: String, Sendable, CaseIterable { case requests, parts }
    /// Units per second; nil means as fast as it answers.
    package var rate: Double?
    /// Units that may go at once after a rest.
    package var burst: Double
    /// Units a day, on the clock of the house.
    package var dailyCap: Int?
    /// Its share among the accounts of one channel, 0…1000; 0 is a reserve, used when the others cannot.
    package var weight: Int
    package var unit: Unit
    /// The least time between two messages to one address.
    package var perChat: Duration?
    package init(
        rate: Double? = nil, burst: Double = 1, dailyCap: Int? = nil, weight: Int = 100, unit: Unit = .requests,
        perChat: Duration? = nil
    ) {
        self.rate = rate
        self.burst = burst
        self.dailyCap = dailyCap
        self.weight = weight
        self.unit = unit
        self.perChat = perChat
    }
}
