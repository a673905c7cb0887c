import Domain

/// What the ledger and the purpose's ground say together about one channel.
struct ConsentRule {
    private let purpose: PurposeID
    private let basis: Purpose.Basis
    private let mandatory: Bool
    private let records: [ConsentWord]

    init(purpose: Purpose, records: [ConsentWord]) {
        self.purpose = purpose.id
        basis = purpose.basis
        mandatory = purpose.mandatory
        self.records = records
    }

    /// What the answer rests on.
    enum Ground {
        case record(ConsentRecord.Action, ConsentID)
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
            var step = ""
            step.reserveCapacity(48)
            step += channel.rawValue
            switch ground {
            case .record(let action, let id):
                step += ": "
                step += action.rawValue
                step += " ("
                id.write(to: &step)
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
        if let latest, !records[latest].allows { return answer(by: latest, refusal: refusal(by: latest)) }

        // A foreign processor needs a word of its own: one for "all channels" was given for ours.
        if channel.isForeignMessenger, foreignNeedsItsOwn {
            guard let own = newest(where: { $0.channel == channel }), records[own].allows else {
                return Answer(ground: .noneForForeignMessenger, refusal: .noConsent)
            }
            return answer(by: own)
        }
        if let latest { return answer(by: latest) }
        if basis == .consent { return Answer(ground: .none, refusal: .noConsent) }
        return Answer(ground: .notNeeded(basis), refusal: nil)
    }

    private func answer(by place: Int, refusal: SuppressedReason? = nil) -> Answer {
        Answer(ground: .record(records[place].action, records[place].id), refusal: refusal)
    }

    /// A word about this channel and a word about all of them: the one said later counts. Not the one written down
    /// later: a paper form of March that is imported in November must not undo a withdrawal of October.
    private func lastWord(on channel: Channel) -> Int? {
        newest { record in
            // A mandatory purpose can leave a channel, it cannot vanish.
            if mandatory, record.channel == nil, !record.allows { return false }
            return record.channel == nil || record.channel == channel
        }
    }

    private func newest(where fits: (ConsentWord) -> Bool) -> Int? {
        var newest: Int?
        for place in records.indices where records[place].purpose == purpose && fits(records[place]) {
            if let before = newest, records[place].isNoNewer(than: records[before]) { continue }
            newest = place
        }
        return newest
    }

    private func refusal(by place: Int) -> SuppressedReason {
        let record = records[place]
        if basis == .consent { return record.action == .withdrawn ? .consentWithdrawn : .noConsent }
        return record.channel == nil ? .purposeOff : .channelOff
    }
}

extension ConsentWord {
    fileprivate func isNoNewer(than other: ConsentWord) -> Bool {
        (occurredAt, recordedAt, id) <= (other.occurredAt, other.recordedAt, other.id)
    }
}
