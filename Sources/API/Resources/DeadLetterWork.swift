import Domain
import Intake
import Journal
import Queue

/// One action on many dead letters: looked at once, its number must be the expected one, and then page by page, each page
/// one commit, the oldest first. It ends after a time, so that the answer comes while the caller still listens: what is
/// left is told, to be done by the same request with the new number.
struct DeadLetterWork {
    /// What became of one of them.
    enum Ending: String, CaseIterable {
        case queued
        /// The new message goes nowhere: policy said so at once.
        case suppressed
        case writtenOff = "written_off"
        /// Somebody else sent it again in the meantime.
        case retriedBefore = "retried_before"
        /// It stands elsewhere now.
        case changed
        /// Its purpose is no longer configured.
        case unknownPurpose = "unknown_purpose"

        var isDone: Bool {
            switch self {
            case .queued, .suppressed, .writtenOff: true
            case .retriedBefore, .changed, .unknownPurpose: false
            }
        }
    }

    let journal: any JournalReader
    let now: @Sendable () -> Moment
    /// In milliseconds; at least one page is done, however long it takes.
    var patience: Int64 = 20_000
    static let page = 500

    func callAsFunction(
        _ order: DeadLetterOrder, _ action: DeadLetterAction, dryRun: Bool,
        _ act: ([MessageID]) async throws(StoreError) -> [Ending]
    ) async throws(Problem) -> JSON {
        let began = now().uptime
        let choice = try await stored { () async throws(StoreError) in
            try await DeadLetterChoice(order.filter, for: action, in: journal)
        }
        var tally = Tally(choice)
        if dryRun { return tally.json(dryRun: true) }
        guard order.expected == choice.ids.count else { throw .stale(choice.ids.count, order.expected ?? 0) }
        while tally.left > 0 {
            let page = Array(choice.ids.dropFirst(tally.worked).prefix(Self.page))
            do throws(StoreError) { tally.take(try await act(page)) } catch {
                throw tally.worked == 0 ? Problem(error) : .brokenOff(tally, by: error)
            }
            if now().uptime - began > patience { break }
        }
        return tally.json(dryRun: false)
    }

    struct Tally {
        let matched: Int
        /// Match the filter, and the action is not for them.
        let others: Int
        private(set) var worked = 0
        private var endings: [Ending: Int] = [:]

        init(_ choice: DeadLetterChoice) {
            matched = choice.ids.count
            others = choice.others
        }

        var left: Int { matched - worked }
        var done: Int { endings.reduce(0) { $0 + ($1.key.isDone ? $1.value : 0) } }

        mutating func take(_ page: [Ending]) {
            worked += page.count
            for ending in page { endings[ending, default: 0] += 1 }
        }

        func json(dryRun: Bool) -> JSON {
            .object(
                ("matched", .count(matched)), ("count", .count(done)),
                (
                    "endings",
                    .object(
                        Ending.allCases.compactMap { ending in
                            endings[ending].map { .init(ending.rawValue, .count($0)) }
                        })
                ), ("left", .count(left)), ("not_concerned", .count(others)), ("dry_run", dryRun ? .bool(true) : nil))
        }
    }
}

extension DeadLetterWork.Ending {
    init(_ ending: SendAgain.Ending) {
        switch ending {
        case .new(_, .queued): self = .queued
        case .new(_, .suppressed): self = .suppressed
        case .before: self = .retriedBefore
        case .refused, .noSuchMessage: self = .changed
        case .noSuchPurpose: self = .unknownPurpose
        }
    }

    init(_ applied: Applied) {
        switch applied {
        case .moved: self = .writtenOff
        case .noted, .illegal, .unknownMessage: self = .changed
        }
    }
}

extension Problem {
    fileprivate static func stale(_ found: Int, _ expected: Int) -> Problem {
        let words = Words(
            ru: "сейчас их \(found), а не \(expected): ничего не сделано; посмотрите ещё раз: GET /v1/dead-letters",
            en: "there are \(found) now, not \(expected): nothing was done; look again: GET /v1/dead-letters")
        return Problem(.previewStale, words, errors: [.init("/expected_count", .previewStale, words)])
    }

    /// Pages before this one are done and stay done.
    fileprivate static func brokenOff(_ tally: DeadLetterWork.Tally, by error: StoreError) -> Problem {
        let cause = Problem(error)
        let words = Words(
            ru:
                "сделано \(tally.worked) из \(tally.matched), дальше не вышло; остальные \(tally.left) не тронуты: повторите позже, сколько их тогда, скажет ?dry_run=true",
            en:
                "\(tally.worked) of \(tally.matched) are done, then it broke off; the other \(tally.left) are untouched: repeat later, ?dry_run=true tells how many there are then"
        )
        return Problem(cause.code, words, errors: [.init("/expected_count", cause.code, words)])
    }
}
