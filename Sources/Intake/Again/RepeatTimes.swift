package import Domain
package import FoundationEssentials

/// When a repeat of a message may leave, and until when it is worth sending: what its caller asked for stands as long as
/// it lies ahead. A message for tomorrow noon that was cancelled and repeated is still for tomorrow noon.
package struct RepeatTimes: Sendable, Hashable {
    /// Nil: at once.
    package let sendAt: Date?
    package let expiresAt: Date

    package init(of original: Message, life: Duration, at now: Date) {
        sendAt = original.sendAt.flatMap { $0 > now ? $0 : nil }
        let ownExpiry = original.expiryIsItsOwn(life: life) && original.expiresAt > now
        expiresAt = ownExpiry ? original.expiresAt : (sendAt ?? now).addingTimeInterval(life.seconds)
    }
}

extension Message {
    /// Nobody wrote down who set the expiry: one that is not what the purpose gives was the caller's.
    fileprivate func expiryIsItsOwn(life: Duration) -> Bool {
        let begin = max(acceptedAt, sendAt ?? acceptedAt)
        // Stored in milliseconds.
        return abs(expiresAt.timeIntervalSince(begin.addingTimeInterval(life.seconds))) > 1
    }
}
