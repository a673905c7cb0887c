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
        let changes = ids.map { Change(message: $0, event: .cancelled, by: person) }
        return items(ids, try await store.apply(changes, at: Clocks.now())) { state in
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
        let again = SendAgain(accept: accept, queue: store, journal: store)
        let endings = try await again(ids, evenUnconfirmed: evenUnconfirmed, at: Clocks.now())
        wakeup.set()
        return zip(ids, endings).enumerated().map { index, pair in
            var item = ItemReply(index: index, id: pair.0.text)
            tell(pair.1, &item)
            return item
        }
    }

    private func tell(_ ending: SendAgain.Ending, _ item: inout ItemReply) {
        switch ending {
        case .new(let id, let start):
            (item.retryOf, item.id) = (item.id, id.text)
            item.tell(start)
        case .before(let id):
            item.retryOf = item.id
            item.detail = words(ru: "уже повторено: \(id)", en: "was sent again before: \(id)")
        case .refused(let objection, let state):
            item.status = state.rawValue
            item.detail = objection.words(language)
        case .noSuchMessage: item.detail = words(ru: "нет такого сообщения", en: "no such message")
        case .noSuchPurpose(let purpose):
            item.detail = words(
                ru: "цели \(purpose) нет в настройках", en: "the purpose \(purpose) is not configured")
        }
    }

    func writeOff(_ texts: [String]) async throws -> [ItemReply] {
        let ids = try texts.map(MessageID.init(typed:))
        let results = try await WriteOff(queue: store, journal: store)(ids, by: person, at: Clocks.now())
        return items(ids, results) { state in
            words(ru: "списывать нечего: \(state.words.ru)", en: "nothing to write off: \(state.words.en)")
        }
    }

    private func items(
        _ ids: [MessageID], _ results: [Applied], objection: (MessageState) -> String
    ) -> [ItemReply] {
        zip(ids, results).enumerated().map { index, pair in
            var item = ItemReply(index: index, id: pair.0.text)
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

extension RetryObjection {
    var words: Words {
        switch self {
        case .nothingToRetry(let state):
            Words(ru: "повторять нечего: \(state.words.ru)", en: "nothing to retry: \(state.words.en)")
        case .mayHaveArrived:
            Words(
                ru:
                    "неизвестно, дошло ли: житель может получить второй экземпляр. Всё равно повторить: --even-unconfirmed",
                en:
                    "nobody knows whether it arrived: the resident may get a second copy. To retry all the same: --even-unconfirmed"
            )
        }
    }
}
