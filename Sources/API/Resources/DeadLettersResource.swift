import Domain
import FoundationEssentials
import Intake
import Journal
import Policy
import Queue
import Wording

/// `/v1/dead-letters`: what goes no further by itself, whoever sent it. Actions take a filter and the number that was seen
/// for it: where the two do not agree any more, nothing is done.
package struct DeadLettersResource: Sendable {
    let reception: Reception
    package init(_ reception: Reception) { self.reception = reception }

    package var routes: [Route] {
        [
            Route(
                .get, "/v1/dead-letters", .scope(.opsRead), query: DeadLetterOrder.names + ["limit", "after"], list),
            Route(.post, "/v1/dead-letters/retry", .scope(.opsWrite), body: .small, query: ["dry_run"], retry),
            Route(.post, "/v1/dead-letters/drop", .scope(.opsWrite), body: .small, query: ["dry_run"], drop),
        ]
    }

    private func list(_ call: Call) async throws(Problem) -> Answer {
        let filter = try DeadLetterOrder.filter(call.query), limit = try call.query.limit()
        let after: MessageID? = try reception.cursor(call)
        let letters = try await stored { () async throws(StoreError) in
            try await reception.journal.deadLetters(filter, limit: limit, after: after)
        }
        return .page(
            letters.map { Self.letter($0, call.language) },
            next: letters.count < limit ? nil : letters.last?.message.text)
    }

    private func retry(_ call: Call) async throws(Problem) -> Answer {
        _ = try call.officer()
        if let obstacle = reception.obstacle() { throw obstacle }
        let dryRun = try call.query.flag("dry_run")
        let order = try DeadLetterOrder(try call.json(), knowsDoubt: true, dryRun: dryRun)
        let again = SendAgain(accept: reception.rules().accept, queue: reception.queue, journal: reception.journal)
        let work = DeadLetterWork(journal: reception.journal, now: reception.now)
        return .json(
            try await work(order, .retry(evenUnconfirmed: order.evenUnconfirmed), dryRun: dryRun) {
                ids async throws(StoreError) in
                let endings = try await again(ids, evenUnconfirmed: order.evenUnconfirmed, at: reception.now())
                reception.wake()
                return endings.map(DeadLetterWork.Ending.init)
            })
    }

    private func drop(_ call: Call) async throws(Problem) -> Answer {
        let by = try call.officer(), dryRun = try call.query.flag("dry_run")
        let order = try DeadLetterOrder(try call.json(), knowsDoubt: false, dryRun: dryRun)
        let writeOff = WriteOff(queue: reception.queue, journal: reception.journal)
        let work = DeadLetterWork(journal: reception.journal, now: reception.now)
        return .json(
            try await work(order, .drop, dryRun: dryRun) { ids async throws(StoreError) in
                try await writeOff(ids, by: by, at: reception.now()).map(DeadLetterWork.Ending.init)
            })
    }

    private static func letter(_ letter: DeadLetter, _ language: Language) -> JSON {
        .object(
            ("id", .string(letter.message.text)), ("purpose", .string(letter.purpose.text)),
            ("recipient", .text(letter.recipient?.text)), ("to", .text(letter.addressee)),
            ("channel", .text(letter.channel?.rawValue)), ("provider", .text(letter.provider?.text)),
            ("status", .string(letter.state.rawValue)),
            ("failure", letter.failure.map { MessageJSON.failure($0) }),
            ("advice", .text(letter.failure?.reason.advice(language))), ("ended_at", .time(letter.endedAt)),
            ("may_have_arrived", .bool(letter.mayHaveArrived)))
    }
}
