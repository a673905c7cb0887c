import Domain
import Foundation
import Intake
import Journal
import Queue
import Rendering
import Settings
import StoreSQLite
import Worker

/// The office's work with messages: accept, cancel, retry.
extension Office {
    func cancel(_ texts: [String]) async throws -> [ItemReply] {
        let ids = try texts.map(MessageID.init(typed:))
        let results = try await store.apply(
            ids.map { Change(message: $0, event: .cancelled, by: "cli:\(NSUserName())") }, at: Clocks.now())
        return zip(ids, results).enumerated().map { index, pair in
            var item = ItemReply(index: index, id: pair.0.text)
            switch pair.1 {
            case .moved(let state): item.status = state.rawValue
            case .noted: item.detail = words(ru: "ничего не изменилось", en: "nothing changed")
            case .unknownMessage: item.detail = words(ru: "нет такого сообщения", en: "no such message")
            case .illegal(let state):
                item.status = state.rawValue
                item.detail =
                    state == .sending
                    ? words(ru: "уже отправляется, отменить нельзя", en: "already being sent, cannot be cancelled")
                    : words(
                        ru: "уже не в очереди (\(state.rawValue)), отменить нельзя",
                        en: "no longer queued (\(state.rawValue)), cannot be cancelled")
            }
            return item
        }
    }

    /// Finals stay final: a retry is a new message that names the old one.
    func retry(_ texts: [String]) async throws -> [ItemReply] {
        var items: [ItemReply] = []
        // All of them are read before the first is queued: a mistyped one refuses the whole command.
        for (index, id) in try texts.map(MessageID.init(typed:)).enumerated() {
            let text = id.text
            var item = ItemReply(index: index, id: text)
            if let view = try await store.message(id) {
                switch view.state {
                case .queued, .sending, .sent, .delivered:
                    item.status = view.state.rawValue
                    item.detail = words(
                        ru: "повторять нечего: состояние \(view.state.rawValue)",
                        en: "nothing to retry: it is \(view.state.rawValue)")
                case .unconfirmed, .failed, .suppressed, .expired, .cancelled:
                    item = try await enqueueAgain(view.message, index: index)
                }
            } else {
                item.detail = words(ru: "нет такого сообщения", en: "no such message")
            }
            items.append(item)
        }
        wakeup.set()
        return items
    }

    private func enqueueAgain(_ original: Message, index: Int) async throws -> ItemReply {
        let now = Clocks.now()
        let purpose = try settings.purpose(named: original.purpose.text)
        let template = shelf.current(original.template.id)?.ref ?? original.template
        let message = Message(
            id: ids.next(at: now.wall), client: original.client, purpose: original.purpose, template: template,
            locale: original.locale, recipient: original.recipient, destinations: original.destinations,
            channels: original.channels, variables: original.variables, priority: original.priority,
            expiresAt: now.wall.addingTimeInterval(purpose.life.seconds), acceptedAt: now.wall, thread: original.thread,
            reference: original.reference, metadata: original.metadata, attachments: original.attachments,
            retryOf: original.id)
        let start = try await accept.start(of: message, purpose: purpose, due: now.wall, at: now.wall)
        let enqueued = try await store.enqueue([Enqueue(message: message, requestHash: [], start: start)], at: now)
        guard case .new(let id)? = enqueued.first else { return ItemReply(index: index, id: original.id.text) }
        return ItemReply(index: index, id: id.text, status: MessageState.queued.rawValue)
    }

    func words(ru: String, en: String) -> String { Words(ru: ru, en: en)(language) }
}
