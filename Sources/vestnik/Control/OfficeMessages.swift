import Domain
import Foundation
import Intake
import Journal
import Queue
import Rendering
import Settings
import StoreSQLite
import Wording
import Worker

/// The office's work with messages: accept, cancel, retry.
extension Office {
    func cancel(_ texts: [String]) async throws -> [ItemReply] {
        let ids = try texts.map(MessageID.init(typed:))
        return try await apply(ids.map { Change(message: $0, event: .cancelled, by: person) }) { state in
            state == .sending
                ? words(ru: "уже отправляется, отменить нельзя", en: "already being sent, cannot be cancelled")
                : words(
                    ru: "уже не в очереди: \(state.words.ru); отменить нельзя",
                    en: "no longer queued: \(state.words.en); cannot be cancelled")
        }
    }

    /// Finals stay final: a retry is a new message that names the old one. All of the page in one commit.
    func retry(_ texts: [String], evenUnconfirmed: Bool) async throws -> [ItemReply] {
        // All of them are read before the first is queued: a mistyped one refuses the whole command.
        let ids = try texts.map(MessageID.init(typed:))
        let now = Clocks.now()
        var items = ids.enumerated().map { ItemReply(index: $0.offset, id: $0.element.text) }
        var again: [(place: Int, enqueue: Enqueue)] = []
        for (place, id) in ids.enumerated() {
            guard let view = try await store.message(id) else {
                items[place].detail = words(ru: "нет такого сообщения", en: "no such message")
                continue
            }
            if let objection = view.objectionToRetry(evenUnconfirmed: evenUnconfirmed) {
                items[place].status = view.state.rawValue
                items[place].detail = objection(language)
                continue
            }
            again.append((place, try await enqueue(view.message, at: now)))
        }
        let enqueued = try await store.enqueue(again.map(\.enqueue), at: now)
        for ((place, item), outcome) in zip(again, enqueued) {
            items[place].retryOf = items[place].id
            switch outcome {
            case .new(let id):
                items[place].id = id.text
                items[place].tell(item.start)
            case .known(let id), .conflict(let id):
                items[place].detail = words(ru: "уже повторено: \(id)", en: "was sent again before: \(id)")
            }
        }
        wakeup.set()
        return items
    }

    private func enqueue(_ original: Message, at now: Moment) async throws -> Enqueue {
        let purpose = try settings.purpose(named: original.purpose.text)
        let template = shelf.current(original.template.id)?.ref ?? original.template
        let times = RepeatTimes(of: original, life: purpose.life, at: now.wall)
        let message = Message(
            id: ids.next(at: now.wall), client: original.client,
            // Two people who retry the same list at once queue each message once.
            idempotencyKey: "retry:\(original.id)", purpose: original.purpose, template: template,
            locale: original.locale, recipient: original.recipient, destinations: original.destinations,
            channels: original.channels, variables: original.variables, priority: original.priority,
            sendAt: times.sendAt, expiresAt: times.expiresAt, acceptedAt: now.wall, thread: original.thread,
            reference: original.reference, metadata: original.metadata, attachments: original.attachments,
            retryOf: original.id, fallback: original.fallback, condition: original.condition)
        let start = try await accept.start(of: message, purpose: purpose, due: times.sendAt ?? now.wall, at: now.wall)
        return Enqueue(message: message, requestHash: [], start: start)
    }

    /// `unconfirmed` becomes `failed`: a person knows of the doubt and closes the case.
    func writeOff(_ texts: [String]) async throws -> [ItemReply] {
        let ids = try texts.map(MessageID.init(typed:))
        var changes: [Change] = []
        for id in ids {
            let failure = try await store.message(id)?.failure ?? DeliveryFailure(.noAnswer)
            changes.append(Change(message: id, event: .writtenOff, by: person, failure: failure))
        }
        return try await apply(changes) { state in
            words(ru: "списывать нечего: \(state.words.ru)", en: "nothing to write off: \(state.words.en)")
        }
    }

    /// - Parameter objection: why a message in this state cannot be changed so.
    private func apply(
        _ changes: [Change], objection: (MessageState) -> String
    ) async throws -> [ItemReply] {
        let results = try await store.apply(changes, at: Clocks.now())
        return zip(changes, results).enumerated().map { index, pair in
            var item = ItemReply(index: index, id: pair.0.message.text)
            switch pair.1 {
            case .moved(let state): item.status = state.rawValue
            case .noted: item.detail = words(ru: "ничего не изменилось", en: "nothing changed")
            case .unknownMessage: item.detail = words(ru: "нет такого сообщения", en: "no such message")
            case .illegal(let state):
                item.status = state.rawValue
                item.detail = objection(state)
            }
            return item
        }
    }

    func words(ru: String, en: String) -> String { Words(ru: ru, en: en)(language) }
}

extension MessageView {
    /// Why it is not sent again; nil when it may be.
    fileprivate func objectionToRetry(evenUnconfirmed: Bool) -> Words? {
        switch state {
        case .queued, .sending, .sent, .delivered:
            return Words(ru: "повторять нечего: \(state.words.ru)", en: "nothing to retry: \(state.words.en)")
        case .unconfirmed where !evenUnconfirmed, .failed where !evenUnconfirmed && failure?.outlook == .unknown:
            return Words(
                ru:
                    "неизвестно, дошло ли: житель может получить второй экземпляр. Всё равно повторить: --even-unconfirmed",
                en:
                    "nobody knows whether it arrived: the resident may get a second copy. To retry all the same: --even-unconfirmed"
            )
        case .unconfirmed, .failed, .suppressed, .expired, .cancelled: return nil
        }
    }
}
