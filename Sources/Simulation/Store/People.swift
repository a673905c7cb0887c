import Domain
import FoundationEssentials
import Journal
import Policy

/// Recipients, consents, suppressions and facts of accounts, with their age.
struct People: Sendable {
    enum Subject: Hashable {
        case recipient(RecipientID), destination(Destination), account(AccountID)
    }
    var epoch: Int64 = 0
    private var changes: [Subject: Int64] = [:]
    var recipients: [RecipientID: Recipient] = [:]
    var consents: [ConsentRecord] = []
    var suppressions: [Destination: Suppression] = [:]
    var facts: [AccountID: AccountFacts] = [:]

    func changed(_ subject: Subject, after epoch: Epoch) -> Bool { (changes[subject] ?? 0) > epoch.value }

    mutating func age(_ subject: Subject) {
        epoch += 1
        changes[subject] = epoch
    }

    func standing(of message: Message, at now: Date) -> Standing {
        let recipient = message.recipient.flatMap { recipients[$0] }
        var found: [Suppression] = []
        for destination in message.destinations + (recipient?.destinations ?? []) {
            guard let one = suppressions[destination.folded], one.holds(at: now), !found.contains(one) else { continue }
            found.append(one)
        }
        return Standing(
            recipient: recipient,
            consents: message.recipient.map { latest(of: $0, about: message.purpose).map(\.word) } ?? [],
            suppressions: found, facts: message.condition.flatMap { facts[$0.account] }, epoch: Epoch(epoch))
    }

    private func latest(of recipient: RecipientID, about purpose: PurposeID) -> [ConsentRecord] {
        var latest: [ConsentRecord] = []
        let all = consents.filter { $0.recipient == recipient && $0.purpose == purpose }
            .sorted { ($0.occurredAt, $0.recordedAt, $0.id) > ($1.occurredAt, $1.recordedAt, $1.id) }
        for record in all where !latest.contains(where: { $0.channel == record.channel }) { latest.append(record) }
        return latest
    }

    func isTold(_ record: ConsentRecord) -> Bool {
        consents.contains {
            $0.recipient == record.recipient && $0.purpose == record.purpose && $0.channel == record.channel
                && $0.action == record.action && $0.occurredAt == record.occurredAt
        }
    }
}

extension Books {
    /// All or nothing: the ids are looked at before anything is written.
    mutating func record(_ records: [ConsentRecord], at now: Date) throws(StoreError) {
        var known = Set(people.consents.map(\.id))
        for record in records {
            guard known.insert(record.id).inserted else {
                throw StoreError(.broken, "a consent is never written twice")
            }
        }
        for record in records {
            people.consents.append(record)
            people.age(.recipient(record.recipient))
            write("consent", by: record.recordedBy, at: now)
        }
    }

    mutating func suppress(_ given: Suppression, by: String, at now: Date) {
        var suppression = given
        suppression.destination = given.destination.folded
        let present = people.suppressions[suppression.destination]
        if present == nil || present?.isShorter(than: suppression) == true {
            people.suppressions[suppression.destination] = suppression
        }
        people.age(.destination(suppression.destination))
        write("suppression", by: by, at: now)
    }

    mutating func lift(_ destination: Destination, by: String, at now: Date) -> Bool {
        guard people.suppressions.removeValue(forKey: destination.folded) != nil else { return false }
        people.age(.destination(destination.folded))
        write("lifted", by: by, at: now)
        return true
    }

    mutating func put(_ recipient: Recipient, by: String = "gateway", at now: Date) {
        people.recipients[recipient.id] = recipient
        people.age(.recipient(recipient.id))
        write("recipient", by: by, at: now)
    }

    mutating func take(_ residents: ResidentImport, at now: Date) throws(StoreError) -> Int {
        var fresh: [ConsentRecord] = []
        for record in residents.consents where !people.isTold(record) {
            let twice = fresh.contains { $0.occurredAt == record.occurredAt && $0.says(the: record) }
            if !twice { fresh.append(record) }
        }
        try record(fresh, at: now)
        for recipient in residents.recipients { put(recipient, by: residents.by, at: now) }
        return fresh.count
    }
}

extension Books {
    mutating func note(_ facts: AccountFacts, by: String, at now: Date) -> FactNoted {
        if let known = people.facts[facts.account] {
            if known == facts { return .same }
            if known.asOf > facts.asOf { return .older(than: known) }
        }
        people.facts[facts.account] = facts
        people.age(.account(facts.account))
        write("facts", by: by, at: now)
        return .taken
    }
}

extension Suppression {
    /// Of two reasons for one address the one that holds longer stays.
    fileprivate func isShorter(than other: Suppression) -> Bool {
        guard let until else { return false }
        return other.until.map { $0 >= until } ?? true
    }
}

extension ConsentRecord {
    fileprivate func says(the other: ConsentRecord) -> Bool {
        recipient == other.recipient && purpose == other.purpose && channel == other.channel && action == other.action
    }
}

/// The source of one template version.
struct KeptTemplate: Sendable {
    let ref: TemplateRef
    let source: [UInt8]
}
