package import Domain
package import FoundationEssentials

/// One line of the journal as it is told to the outside. Made anew from the journal whenever somebody asks, always the
/// same: no second copy of it is kept. Holds no address, no name and no variable of a message.
package struct Event: Sendable, Hashable {
    package var id: EventID
    package var type: EventType
    package var at: Date
    /// Who wrote the message; nil for what is the house's: consents, suppressions, providers.
    package var client: String?
    package var subject: Subject

    package enum Subject: Sendable, Hashable {
        case message(MessageFacts)
        case consent(ConsentFacts)
        case suppression(channel: String?, reason: String?, until: String?)
        case provider(ProviderID?, reason: String?, until: String?)
    }

    package struct MessageFacts: Sendable, Hashable {
        package var message: MessageID
        package var purpose: PurposeID
        package var status: MessageState
        package var channel: Channel?
        package var provider: ProviderID?
        /// Of a suppressed or failed message.
        package var reason: String?
        package var attempt: Int?
        package var reference: String?
        package var metadata: [String: String]
        package init(
            message: MessageID, purpose: PurposeID, status: MessageState, channel: Channel? = nil,
            provider: ProviderID? = nil, reason: String? = nil, attempt: Int? = nil, reference: String? = nil,
            metadata: [String: String] = [:]
        ) {
            self.message = message
            self.purpose = purpose
            self.status = status
            self.channel = channel
            self.provider = provider
            self.reason = reason
            self.attempt = attempt
            self.reference = reference
            self.metadata = metadata
        }
    }

    package struct ConsentFacts: Sendable, Hashable {
        package var consent: String?
        package var recipient: String?
        package var purpose: String?
        /// Nil means every channel.
        package var channel: String?
        package var source: String?
    }

    package init(id: EventID, type: EventType, at: Date, client: String?, subject: Subject) {
        self.id = id
        self.type = type
        self.at = at
        self.client = client
        self.subject = subject
    }
}

/// What of a message an event tells; from the message's own row and its attempt.
package struct EventAbout: Sendable, Hashable {
    package var client: String
    package var purpose: PurposeID
    package var reference: String?
    package var metadata: [String: String]
    /// The state in the message's line before this one.
    package var before: MessageState?
    /// Of the attempt the line names.
    package var channel: Channel?
    package var provider: ProviderID?
    package init(
        client: String, purpose: PurposeID, reference: String? = nil, metadata: [String: String] = [:],
        before: MessageState? = nil, channel: Channel? = nil, provider: ProviderID? = nil
    ) {
        self.client = client
        self.purpose = purpose
        self.reference = reference
        self.metadata = metadata
        self.before = before
        self.channel = channel
        self.provider = provider
    }
}

extension Event {
    /// Nil for a line that is no event.
    /// - Parameter about: nil for a line that is not about a message.
    package init?(_ entry: JournalEntry, about: EventAbout?) {
        guard let type = EventType(entry, before: about?.before) else { return nil }
        let subject: Subject
        if let message = entry.message {
            guard let about, let status = entry.state else { return nil }
            subject = .message(
                MessageFacts(
                    message: message, purpose: about.purpose, status: status, channel: about.channel,
                    provider: about.provider ?? entry.fact("provider").flatMap(ProviderID.init),
                    reason: entry.fact("reason") ?? entry.fact("failure"),
                    attempt: entry.fact("attempt").flatMap(Int.init), reference: about.reference,
                    metadata: about.metadata))
        } else {
            subject = Self.subject(type, entry)
        }
        self.init(
            id: EventID(raw: entry.sequence), type: type, at: entry.at, client: about?.client, subject: subject)
    }

    private static func subject(_ type: EventType, _ entry: JournalEntry) -> Subject {
        switch type {
        case .consentGranted, .consentWithdrawn, .consentRefused, .consentImported:
            .consent(
                ConsentFacts(
                    consent: entry.fact("consent"), recipient: entry.fact("recipient"), purpose: entry.fact("purpose"),
                    channel: entry.fact("channel"), source: entry.fact("source")))
        case .suppressionAdded, .suppressionRemoved:
            // `sms +7···67`: the channel is told, the address is not, masked or otherwise.
            .suppression(
                channel: entry.fact("to").map { String($0.prefix { $0 != " " }) }, reason: entry.fact("reason"),
                until: entry.fact("until"))
        case .sent, .delivered, .read, .failed, .unconfirmed, .suppressed, .expired, .cancelled, .providerDegraded,
            .providerRecovered, .inboundReceived:
            .provider(
                entry.fact("provider").flatMap(ProviderID.init), reason: nil, until: entry.fact("until"))
        }
    }
}
