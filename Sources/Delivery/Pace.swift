/// How fast an account may be driven, and how much of its channel's traffic it takes. What nobody said is unlimited.
package struct Pace: Sendable, Hashable {
    package enum Unit: String, Sendable, CaseIterable { case requests, parts }
    /// Units per second; nil means as fast as `concurrency` allows.
    package var rate: Double?
    /// Units that may leave at once after a rest. A message that costs more than this still leaves, alone.
    package var burst: Double
    /// Units in one day.
    package var dailyCap: Int?
    /// 0…1000: the share among the accounts of one channel. 0 is a reserve, used when the others cannot.
    package var weight: Int
    /// What `rate`, `burst` and `dailyCap` count: requests, or the billed parts of an SMS.
    package var unit: Unit
    /// Between two messages to one chat.
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
