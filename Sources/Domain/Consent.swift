package import FoundationEssentials

/// One line of the consent ledger: who allowed or forbade what, when, and how we know. Appended, never edited.
package struct ConsentRecord: Sendable, Hashable {
    package enum Action: String, Sendable, CaseIterable {
        case granted, withdrawn, refused, imported
        package var allows: Bool {
            switch self {
            case .granted, .imported: true
            case .withdrawn, .refused: false
            }
        }
    }
    /// Where the word came from. `imported` counts as granted by an earlier system.
    package enum Source: String, Sendable, CaseIterable {
        case paper, webForm = "web_form", bot, call, gisZHKH = "gis_zhkh", esia, `import`, `operator`
    }
    package let id: ConsentID
    package var recipient: RecipientID
    package var purpose: PurposeID
    /// Nil means every channel.
    package var channel: Channel?
    package var action: Action
    package var source: Source
    package var recordedBy: String
    /// What proves it: `scan:sha256:…`, a form number, a call record.
    package var evidence: String?
    package var textVersion: String?
    /// When the resident said it.
    package var occurredAt: Date
    /// When we wrote it down.
    package var recordedAt: Date

    package init(
        id: ConsentID, recipient: RecipientID, purpose: PurposeID, channel: Channel? = nil, action: Action,
        source: Source = .operator, recordedBy: String = "operator", evidence: String? = nil,
        textVersion: String? = nil, occurredAt: Date, recordedAt: Date
    ) {
        self.id = id
        self.recipient = recipient
        self.purpose = purpose
        self.channel = channel
        self.action = action
        self.source = source
        self.recordedBy = recordedBy
        self.evidence = evidence
        self.textVersion = textVersion
        self.occurredAt = occurredAt
        self.recordedAt = recordedAt
    }

    package var allows: Bool { word.allows }

    /// What of it decides; the rest proves.
    package var word: ConsentWord {
        ConsentWord(
            id: id, purpose: purpose, channel: channel, action: action, occurredAt: occurredAt, recordedAt: recordedAt)
    }
}

/// A line of the ledger without its proof: all that policy asks for, for every message.
package struct ConsentWord: Sendable, Hashable {
    package let id: ConsentID
    package let purpose: PurposeID
    /// Nil means every channel.
    package let channel: Channel?
    package let action: ConsentRecord.Action
    package let occurredAt: Date
    package let recordedAt: Date

    package init(
        id: ConsentID, purpose: PurposeID, channel: Channel?, action: ConsentRecord.Action, occurredAt: Date,
        recordedAt: Date
    ) {
        self.id = id
        self.purpose = purpose
        self.channel = channel
        self.action = action
        self.occurredAt = occurredAt
        self.recordedAt = recordedAt
    }

    package var allows: Bool { action.allows }
}

/// An address we do not write to, why, and until when.
package struct Suppression: Sendable, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        case hardBounce = "hard_bounce", complaint, optedOut = "opted_out", manual
    }
    package var destination: Destination
    package var reason: Reason
    package var since: Date
    /// Nil means until somebody lifts it.
    package var until: Date?
    package var detail: String?
    package init(destination: Destination, reason: Reason, since: Date, until: Date? = nil, detail: String? = nil) {
        self.destination = destination
        self.reason = reason
        self.since = since
        self.until = until
        self.detail = detail
    }
    package func holds(at now: Date) -> Bool { until.map { now < $0 } ?? true }
}
