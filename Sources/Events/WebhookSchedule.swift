/// When an event is sent again to a receiver that did not take it: about three days in all, then it has failed.
package enum WebhookSchedule {
    package static let pauses: [Duration] = [
        .seconds(5), .seconds(300), .seconds(1800), .seconds(7200), .seconds(5 * 3600), .seconds(10 * 3600),
        .seconds(14 * 3600), .seconds(20 * 3600), .seconds(24 * 3600),
    ]

    /// Up to a tenth longer, so that receivers that failed together are not asked together.
    /// - Parameters:
    ///   - attempts: that were made, 1 and more.
    ///   - chance: 0 ..< 1.
    /// - Returns: nil when it was the last.
    package static func pause(after attempts: Int, chance: Double) -> Duration? {
        guard attempts >= 1, attempts <= pauses.count else { return nil }
        return pauses[attempts - 1] * (1 + chance / 10)
    }
}
