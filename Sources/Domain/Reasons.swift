/// What a queued message with a future `due_at` waits for. `awaitingReport` belongs to `sent` and `unconfirmed`.
package enum HeldReason: String, Sendable, CaseIterable {
    case sendAt = "send_at"
    case quietHours = "quiet_hours"
    case contactLimit = "contact_limit"
    case backoff
    case providerPaused = "provider_paused"
    case rateLimit = "rate_limit"
    case broadcastPaused = "broadcast_paused"
    case awaitingReport = "awaiting_report"
}

/// Why policy said never. Not an error: the gateway did what it was asked to do.
package enum SuppressedReason: String, Sendable, CaseIterable {
    case noConsent = "no_consent"
    case consentWithdrawn = "consent_withdrawn"
    case purposeOff = "purpose_off"
    case channelOff = "channel_off"
    case onSuppressionList = "on_suppression_list"
    case noAddress = "no_address"
    case contactLimit = "contact_limit"
    case duplicate, superseded
    case conditionFalse = "condition_false"
    case notInGuestList = "not_in_guest_list"
    case foreignMessengerDenied = "foreign_messenger_denied"
}

/// Why a message went no further this time. Stages throw it; the worker turns it into one event.
package enum Stop: Error, Sendable, Equatable {
    case refused(SuppressedReason)
    case postponed(until: Deadline, HeldReason)
    case failed(DeliveryFailure)
}
