import Domain
import FoundationEssentials
import Intake
import Journal
import Policy

/// All that is held about one resident, in full, for the resident who asks: who they are, what they said, which addresses
/// are suppressed, what is owed, and every message with what was put into it. Messages come page by page; the texts
/// themselves are kept nowhere. The journal notes that it was handed out, before the first byte leaves.
struct RecipientExport {
    let reception: Reception
    let call: Call

    /// Messages read at once.
    private static let page = 250

    func answer() async throws(Problem) -> Answer {
        let id = try call.recipient(), client = try call.client().client
        let (head, isKnown) = try await head(id)
        var (bytes, next) = try await Self.messages(of: id, after: nil, reception)
        // Somebody who was removed is still told what was kept.
        guard isKnown || !bytes.elementsEqual(Self.end) else { throw .noRecipient }
        try await stored { () async throws(StoreError) in
            try await reception.books.note(.resident(id), by: "client:" + client, at: call.now)
        }
        bytes = head + bytes
        let pages = Pages(first: (bytes, next)) { [reception] (after: MessageID) throws(Problem) in
            try await Self.messages(of: id, after: after, reception)
        }
        return Answer(200, headers: [("content-type", "application/json")], body: .pages(pages))
    }

    private static let end = Array("]}".utf8)

    /// Everything but the messages, up to the `[` of their list; and whether the books know anything of the resident.
    private func head(_ id: RecipientID) async throws(Problem) -> (bytes: [UInt8], isKnown: Bool) {
        let accounts = id.account.flatMap { AccountID($0) }.map { [$0] } ?? []
        let (found, ledger, facts) = try await stored { () async throws(StoreError) in
            (
                try await reception.books.recipient(id), try await reception.books.ledger(of: id),
                accounts.isEmpty ? [:] : try await reception.books.facts(of: Set(accounts))
            )
        }
        let suppressions = try await stored { () async throws(StoreError) in
            try await reception.books.suppressions(of: found?.destinations ?? [])
        }
        let members: [(String, JSON)] = [
            ("id", .string(id.text)),
            ("recipient", found.map { RecipientJSON.recipient($0, exposed: true) } ?? .null),
            ("consents", .array(ledger.map(ConsentJSON.record))),
            ("suppressions", .array(suppressions.map { SuppressionJSON.line($0, exposed: true) })),
            ("account", facts.values.first.map(account) ?? .null),
        ]
        let object = JSON.object(members.map { JSON.Member($0.0, $0.1) }).bytes
        return (object.dropLast() + Array(",\"messages\":[".utf8), found != nil || !ledger.isEmpty)
    }

    private func account(_ facts: AccountFacts) -> JSON {
        .object(
            ("account", .string(facts.account.text)), ("balance", .string(facts.balance.text)),
            ("as_of", .time(facts.asOf)))
    }

    private static func messages(
        of id: RecipientID, after: MessageID?, _ reception: Reception
    ) async throws(Problem) -> (bytes: [UInt8], next: MessageID?) {
        var filter = MessageFilter()
        filter.recipient = id
        let views = try await stored { [filter] () async throws(StoreError) in
            try await reception.journal.messages(filter, limit: page, after: after)
        }
        var bytes: [UInt8] = []
        for (place, view) in views.enumerated() {
            if place > 0 || after != nil { bytes.append(UInt8(ascii: ",")) }
            bytes += message(view).bytes
        }
        let isLast = views.count < page
        if isLast { bytes += end }
        return (bytes, isLast ? nil : views.last?.message.id)
    }

    /// What concerns the resident. The client's own references and notes are the client's.
    private static func message(_ view: MessageView) -> JSON {
        let message = view.message
        return .object(
            ("id", .string(message.id.text)), ("client", .string(message.client)),
            ("purpose", .string(message.purpose.text)), ("template", MessageJSON.template(message.template)),
            ("variables", .object(message.variables.members)), ("status", .string(view.state.rawValue)),
            ("reason", .text(view.reason)), ("accepted_at", .time(message.acceptedAt)),
            ("attachments", message.attachments.isEmpty ? nil : .array(message.attachments.map { .string($0.name) })),
            (
                "attempts",
                .array(
                    view.attempts.map { attempt in
                        .object(
                            ("channel", .string(attempt.destination.channel.rawValue)),
                            ("address", .string(attempt.destination.address.exposed)),
                            ("provider", .string(attempt.provider.text)), ("began_at", .time(attempt.beganAt)),
                            ("outcome", .string(attempt.outcome.failure == nil ? "accepted" : "failed")))
                    })
            ))
    }
}

extension Variables {
    fileprivate var members: [JSON.Member] {
        sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { JSON.Member($0.key, $0.value.json) }
    }
}

extension Variable {
    fileprivate var json: JSON {
        switch self {
        case .text(let text): .string(text)
        case .flag(let flag): .bool(flag)
        case .list(let rows): .array(rows.map { .object($0.members) })
        }
    }
}
