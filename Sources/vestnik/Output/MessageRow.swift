import Domain
import Foundation
import Journal
import Wording

/// One message as `--json` prints it; the names are those of the HTTP API. Addresses are masked.
struct MessageRow: Encodable {
    struct Failed: Encodable {
        var kind: String
        var reason: String
        var provider_code: String?
        var detail: String?
    }
    var id: String
    var purpose: String
    var template: String
    var version: String
    var recipient: String?
    var channel: String?
    var provider: String?
    var to: String?
    var status: String
    var reason: String?
    var failure: Failed?
    var due_at: String?
    var held_reason: String?
    var accepted_at: String
    var expires_at: String
    var reference: String?
    var retry_of: String?
    /// Seconds without a delivery before the next channel is tried.
    var fallback_after_seconds: Double?

    init(_ view: MessageView) {
        id = view.message.id.text
        purpose = view.message.purpose.text
        template = view.message.template.id
        version = view.message.template.version
        recipient = view.message.recipient?.text
        channel = (view.line ?? view.channel)?.rawValue
        provider = view.provider?.text
        to = view.attempts.last?.destination.address.masked
        status = view.state.rawValue
        reason = view.reason
        failure = view.failure.map {
            Failed(kind: $0.kind.rawValue, reason: $0.reason.rawValue, provider_code: $0.code, detail: $0.detail)
        }
        due_at = view.due?.ISO8601Format()
        held_reason = view.held?.rawValue
        accepted_at = view.message.acceptedAt.ISO8601Format()
        expires_at = view.message.expiresAt.ISO8601Format()
        reference = view.message.reference
        retry_of = view.message.retryOf?.text
        fallback_after_seconds = view.message.fallback?.after.seconds
    }
}

/// `messages show --json`: the message and everything that happened to it.
struct MessageDossier: Encodable {
    struct Entry: Encodable {
        var sequence: Int64
        var at: String
        var event: String
        var state: String?
        var by: String
        var facts: [String: String]
    }
    var message: MessageRow
    var timeline: [Entry]

    init(_ view: MessageView, _ timeline: [JournalEntry]) {
        message = MessageRow(view)
        self.timeline = timeline.map { entry in
            var facts: [String: String] = [:]
            for fact in entry.facts { facts[fact.name] = fact.value }
            return Entry(
                sequence: entry.sequence, at: entry.at.ISO8601Format(), event: entry.event,
                state: entry.state?.rawValue, by: entry.by, facts: facts)
        }
    }
}

extension MessageView {
    /// Who it is for, without an address in full.
    var addressee: String {
        message.recipient?.text ?? message.destinations.first?.address.masked ?? "—"
    }

    /// `не отправлялось: нет согласия`, `в очереди, ждёт: конца тихих часов, до 09:00`: one cell of a table.
    func standing(_ language: Language, _ clock: (Date) -> String) -> String {
        var text = state.words(language)
        switch state {
        case .suppressed:
            if let known = reason.flatMap(SuppressedReason.init(rawValue:)) { text += ": " + known.words(language) }
        case .failed:
            if let failure { text += ": " + failure.reason.words(language) }
        case .unconfirmed:
            text +=
                due.map {
                    Words(ru: ", спросим провайдера \(clock($0))", en: ", the provider is asked at \(clock($0))")(
                        language)
                }
                ?? Words(ru: ", нужен человек", en: ", a person is needed")(language)
        case .queued, .sent:
            guard let held else { break }
            text += Words(ru: ", ждёт: \(held.words.ru)", en: ", waits for \(held.words.en)")(language)
            if let due {
                text += Words(ru: ", до \(clock(due))", en: " until \(clock(due))")(language)
            } else if held == .providerPaused {
                text += Words(ru: ", пока не включат", en: " until resumed")(language)
            }
        case .sending, .delivered, .expired, .cancelled: break
        }
        return text
    }
}
