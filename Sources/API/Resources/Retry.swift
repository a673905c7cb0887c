import Domain
import Intake
import Journal
import Policy
import Queue

/// Finals stay final: sending again is a new message that names the old one.
struct Retry {
    let reception: Reception
    let caller: Caller

    func message(_ view: MessageView, evenUnconfirmed: Bool, at now: Moment) async throws(Problem) -> JSON {
        switch view.objectionToRetry(evenUnconfirmed: evenUnconfirmed) {
        case .nothingToRetry(let state)?:
            throw Problem(
                .alreadySending,
                Words(
                    ru: "повторять нечего: сообщение в состоянии \(state.rawValue)",
                    en: "nothing to retry: the message is \(state.rawValue)"))
        case .mayHaveArrived?:
            throw Problem(
                .alreadySending,
                Words(
                    ru:
                        "неизвестно, дошло ли: житель может получить второй экземпляр; всё равно повторить: ?even_unconfirmed=true",
                    en:
                        "nobody knows whether it arrived: the resident may get a second copy; to retry all the same: ?even_unconfirmed=true"
                ))
        case nil: break
        }
        let rules = reception.rules()
        let again = try await stored { () async throws(StoreError) in
            try await rules.accept.again(view.message, at: now.wall)
        }
        guard let again else {
            throw Problem(
                .unknownPurpose,
                Words(
                    ru: "цели \(view.message.purpose) больше нет в настройках",
                    en: "the purpose \(view.message.purpose) is no longer configured"))
        }
        guard try await reception.charge(1, to: caller, at: now) else { throw .capReached }
        let enqueued = try await stored { () async throws(StoreError) in
            try await reception.queue.enqueue([again], at: now)
        }
        reception.wake()
        let start = MessageJSON.beginning(again.start)
        switch enqueued.first {
        case .new(let id)?:
            return .object(
                ("id", .string(id.text)), ("status", .string(start.status)), ("reason", .text(start.reason)),
                ("due_at", .time(start.due)), ("held_reason", .text(start.held)),
                ("retry_of", .string(view.message.id.text)), ("links", MessageJSON.links(id)))
        // Two people who retry at once queue it once.
        case .known(let id)?, .conflict(let id)?:
            return .object(
                ("id", .string(id.text)), ("status", .string(MessageState.queued.rawValue)),
                ("retry_of", .string(view.message.id.text)), ("links", MessageJSON.links(id)))
        case nil: throw Problem(StoreError(.broken, "no result"))
        }
    }
}
