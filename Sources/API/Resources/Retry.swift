import Domain
import Intake
import Journal
import Policy
import Queue

/// `POST /v1/messages/{id}/retry`: sending again is a new message that names the old one.
struct Retry {
    let reception: Reception
    let caller: Caller

    func message(_ view: MessageView, evenUnconfirmed: Bool, at now: Moment) async throws(Problem) -> JSON {
        if let objection = view.objectionToRetry(evenUnconfirmed: evenUnconfirmed) { throw .noRetry(objection) }
        if let obstacle = reception.obstacle() { throw obstacle }
        guard try await reception.charge(1, to: caller, at: now) else { throw .capReached }
        let again = SendAgain(accept: reception.rules().accept, queue: reception.queue, journal: reception.journal)
        let endings = try await stored { () async throws(StoreError) in
            try await again([view], evenUnconfirmed: evenUnconfirmed, at: now)
        }
        switch endings.first {
        case .new(let id, let start)?:
            reception.wake()
            return answer(id, MessageJSON.beginning(start), of: view)
        case .before(let id)?: return answer(id, .init(status: MessageState.queued.rawValue), of: view)
        case .refused(let objection, _)?: throw .noRetry(objection)
        case .noSuchPurpose(let purpose)?: throw .purposeIsGone(purpose)
        case .noSuchMessage?: throw .noMessage
        case nil: throw Problem(StoreError(.broken, "no result"))
        }
    }

    private func answer(_ id: MessageID, _ start: MessageJSON.Beginning, of view: MessageView) -> JSON {
        .object(
            ("id", .string(id.text)), ("status", .string(start.status)), ("reason", .text(start.reason)),
            ("due_at", .time(start.due)), ("held_reason", .text(start.held)),
            ("retry_of", .string(view.message.id.text)), ("links", MessageJSON.links(id)))
    }
}

extension Problem {
    fileprivate static func noRetry(_ objection: RetryObjection) -> Problem {
        switch objection {
        case .nothingToRetry(let state):
            Problem(
                .alreadySending,
                Words(
                    ru: "повторять нечего: сообщение в состоянии \(state.rawValue)",
                    en: "nothing to retry: the message is \(state.rawValue)"))
        case .mayHaveArrived:
            Problem(
                .alreadySending,
                Words(
                    ru:
                        "неизвестно, дошло ли: житель может получить второй экземпляр; всё равно повторить: ?even_unconfirmed=true",
                    en:
                        "nobody knows whether it arrived: the resident may get a second copy; to retry all the same: ?even_unconfirmed=true"
                ))
        }
    }

    fileprivate static func purposeIsGone(_ purpose: PurposeID) -> Problem {
        Problem(
            .unknownPurpose,
            Words(
                ru: "цели \(purpose) больше нет в настройках", en: "the purpose \(purpose) is no longer configured"))
    }
}
