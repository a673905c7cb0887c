import Domain
import FoundationEssentials
import Intake
import Policy

/// `/v1/recipients/{external_id}/preferences`: the ledger as switches. Nothing is stored but the records that a change
/// takes; who wants to change must have seen the present state, because the last word counts.
package struct PreferencesResource: Sendable {
    let reception: Reception
    package init(_ reception: Reception) { self.reception = reception }

    package var routes: [Route] {
        [
            Route(.get, "/v1/recipients/{external_id}/preferences", .scope(.messagesRead), show),
            Route(.put, "/v1/recipients/{external_id}/preferences", .scope(.consentsWrite), body: .small, change),
        ]
    }

    private func show(_ call: Call) async throws(Problem) -> Answer {
        try await present(call, reception.rules()).answer
    }

    private func change(_ call: Call) async throws(Problem) -> Answer {
        let by = try reception.keeper(call), rules = reception.rules()
        var present = try await present(call, rules)
        guard let match = call.headers["if-match"] else { throw .matchMissing }
        guard EntityTag.matches(match, present.tag) else { throw .stale }
        let request = try PreferencesRequest(try call.json(), of: present.recipient, purposes: rules.purposes)
        let words: [Preferences.Word]
        do throws(Preferences.Objection) { words = try present.preferences.words(for: request.wishes) } catch {
            throw error.problem
        }
        if words.isEmpty { return present.answer }
        let records = words.map { word in
            ConsentRecord(
                id: reception.ids.next(at: call.now.wall), recipient: present.recipient, purpose: word.purpose,
                channel: word.channel, action: word.action, source: request.source, recordedBy: by,
                evidence: request.evidence ?? call.requestID, textVersion: request.textVersion,
                occurredAt: call.now.wall, recordedAt: call.now.wall)
        }
        // Of two that saw the same state one is first; the other one's wish was made of what no longer holds.
        let appended = try await stored { [present] () async throws(StoreError) in
            try await reception.books.append(
                records, to: present.recipient, holding: present.ledger.count, at: call.now)
        }
        guard appended else { throw .stale }
        present.ledger += records
        return present.answer
    }

    private func present(_ call: Call, _ rules: Reception.Rules) async throws(Problem) -> Present {
        let id = try call.recipient()
        let (known, ledger) = try await stored { () async throws(StoreError) in
            (try await reception.books.recipient(id), try await reception.books.ledger(of: id))
        }
        guard known != nil else { throw .noRecipient }
        return Present(recipient: id, ledger: ledger, rules: rules)
    }
}

/// What holds at one moment.
private struct Present: Sendable {
    let recipient: RecipientID
    var ledger: [ConsentRecord]
    let rules: Reception.Rules

    var preferences: Preferences {
        Preferences(purposes: rules.purposes.values, ledger: ledger.map(\.word), rules: rules.house)
    }

    var tag: String { EntityTag.of(json) }

    var answer: Answer { .json(json, headers: [("etag", tag)]) }

    private var json: JSON {
        let purposes = preferences.choices.map { choice in
            JSON.Member(
                choice.purpose.text,
                .object(
                    ("mandatory", .bool(choice.mandatory)), ("on", .bool(choice.on)),
                    ("channels", .object(choice.channels.map { .init($0.channel.rawValue, .bool($0.on)) }))))
        }
        return .object(("recipient", .string(recipient.text)), ("purposes", .object(purposes)))
    }
}

/// Strong validators of RFC 9110.
enum EntityTag {
    /// The same for the same state, whoever asks and whichever process answers.
    static func of(_ json: JSON) -> String { "\"" + Fingerprint.text(of: json) + "\"" }

    /// - Parameter header: `If-Match`: `*`, or tags with commas between. A weak one matches nothing.
    static func matches(_ header: String, _ tag: String) -> Bool {
        header.utf8.split(separator: UInt8(ascii: ",")).contains { part in
            let part = part.filter { $0 != 0x20 && $0 != 0x09 }
            return part.elementsEqual(tag.utf8) || part.elementsEqual("*".utf8)
        }
    }
}

extension Problem {
    fileprivate static let matchMissing = Problem(
        .preconditionFailed, status: 428,
        Words(
            ru: "нужен заголовок If-Match со значением ETag из GET: иначе чужая перемена пропала бы молча",
            en: "the header If-Match with the ETag of GET is needed: else somebody's change could be lost silently"))

    fileprivate static let stale = Problem(
        .preconditionFailed,
        Words(
            ru: "с тех пор предпочтения изменились: прочитайте их снова и повторите",
            en: "the preferences have changed since: read them again and repeat"))
}
