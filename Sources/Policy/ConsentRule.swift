import Domain

/// What the ledger and the purpose's ground say together about one channel.
struct ConsentRule {
    let purpose: Purpose
    let records: [ConsentRecord]

    /// What the answer rests on.
    enum Ground {
        case record(ConsentRecord)
        case noneForForeignMessenger
        case none
        case notNeeded(Purpose.Basis)
    }

    /// `refusal` is nil where nothing stands in the way.
    struct Answer {
        let ground: Ground
        let refusal: SuppressedReason?

        /// In words for the journal, made only where they are kept.
        func step(on channel: Channel) -> String {
            var step = channel.rawValue
            switch ground {
            case .record(let record):
                step += ": "
                step += record.action.rawValue
                step += " ("
                step += record.id.text
                step += ")"
            case .noneForForeignMessenger: step += ": none for this foreign messenger"
            case .none: step += ": none"
            case .notNeeded(let basis):
                step += ": not needed, basis "
                step += basis.rawValue
            }
            return step
        }
    }

    func answer(for channel: Channel, foreignNeedsItsOwn: Bool) -> Answer {
        let latest = lastWord(on: channel)
        if let latest, !latest.allows { return Answer(ground: .record(latest), refusal: refusal(by: latest)) }

        // A foreign processor needs a word of its own: one for "all channels" was given for ours.
        if channel.isForeignMessenger, foreignNeedsItsOwn {
            guard let own = newest(where: { $0.channel == channel }), own.allows else {
                return Answer(ground: .noneForForeignMessenger, refusal: .noConsent)
            }
            return Answer(ground: .record(own), refusal: nil)
        }
        if let latest { return Answer(ground: .record(latest), refusal: nil) }
        if purpose.basis == .consent { return Answer(ground: .none, refusal: .noConsent) }
        return Answer(ground: .notNeeded(purpose.basis), refusal: nil)
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
        var newest: Int?
        for place in records.indices where records[place].purpose == purpose.id && fits(records[place]) {
            if let before = newest, records[place].isNoNewer(than: records[before]) { continue }
            newest = place
        }
        return newest.map { records[$0] }
    }

    private func refusal(by record: ConsentRecord) -> SuppressedReason {
        if purpose.basis == .consent { return record.action == .withdrawn ? .consentWithdrawn : .noConsent }
        return record.channel == nil ? .purposeOff : .channelOff
    }
}

extension ConsentRecord {
    fileprivate func isNoNewer(than other: ConsentRecord) -> Bool {
        (occurredAt, recordedAt, id) <= (other.occurredAt, other.recordedAt, other.id)
    }
}
