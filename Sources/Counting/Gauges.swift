package import Domain

/// How things stand at one moment.
package struct StoreGauges: Sendable, Hashable {
    /// Messages that have not come to an end: `queued`, `sending`, `unconfirmed`.
    package var messages: [MessageState: Int]
    /// Of those queued: what holds them back.
    package var held: [HeldReason: Int]
    /// How long the oldest that could go now has been waiting.
    package var oldest: [Priority: Duration]
    /// Of the database with its log.
    package var bytes: Int64
    package init(
        messages: [MessageState: Int] = [:], held: [HeldReason: Int] = [:], oldest: [Priority: Duration] = [:],
        bytes: Int64 = 0
    ) {
        self.messages = messages
        self.held = held
        self.oldest = oldest
        self.bytes = bytes
    }
}

package protocol GaugeReader: Sendable {
    func gauges(at now: Moment) async throws(StoreError) -> StoreGauges
}

package struct ProviderGauge: Sendable, Hashable {
    package var provider: ProviderID
    /// It takes messages, as far as is known.
    package var isUp: Bool
    /// By a person.
    package var isPaused: Bool
    package init(provider: ProviderID, isUp: Bool, isPaused: Bool) {
        self.provider = provider
        self.isUp = isUp
        self.isPaused = isPaused
    }
}
