import Domain

/// What the ledger and the purpose's ground say together about one channel.
struct ConsentRule {
    let purpose: Purpose
    let records: [ConsentRecord]

    /// `step` explains; `refusal` is nil where nothing stands in the way.
    func answer(for channel: Channel, foreignNeedsItsOwn: Bool) -> (step: String, refusal: SuppressedReason?) {
        let latest = lastWord(on: channel)
        if let latest, !latest.allows { return (shown(latest), refusal(by: latest)) }

        // A foreign processor needs a word of its own: one for "all channels" was given for ours.
        if channel.isForeignMessenger, foreignNeedsItsOwn {
            guard let own = newest(where: { $0.channel == channel }), own.allows else {
                return ("none for this foreign messenger", .noConsent)
            }
            return (shown(own), nil)
        }
        if let latest { return (shown(latest), nil) }
        if purpose.basis == .consent { return ("none", .noConsent) }
        return ("not needed, basis \(purpose.basis.rawValue)", nil)
    }

    /// A word about this channel and a word about all of them: the one said later counts. Not the one written down
    /// later: a paper form of March that is imported in November must not undo a withdrawal of October.
    private func lastWord(on channel: Channel) -> ConsentRecord? {
        newest { record in
            // A mandatory purpose can leave a channel, it cannot vanish.
            if purpose.mandatory, record.channel == nil, !record.allows { return false }
            return record.channel == nil || record.channel == channel
        }
    }

    private func newest(where fits: (ConsentRecord) -> Bool) -> ConsentRecord? {
        records.filter { $0.purpose == purpose.id && fits($0) }
            .max { ($0.occurredAt, $0.recordedAt, $0.id) < ($1.occurredAt, $1.recordedAt, $1.id) }
    }

    private func refusal(by record: ConsentRecord) -> SuppressedReason {
        if purpose.basis == .consent { return record.action == .withdrawn ? .consentWithdrawn : .noConsent }
        return record.channel == nil ? .purposeOff : .channelOff
    }

    private func shown(_ record: ConsentRecord) -> String { "\(record.action.rawValue) (\(record.id))" }
}
