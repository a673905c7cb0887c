import Domain
import FoundationEssentials
import Intake
import Policy
import Queue

/// One item of a batch after reading.
struct BatchReading: Sendable {
    let index: Int
    let request: Result<SendRequest, Problem>
}

/// What became of one item, and its answer as bytes.
struct BatchResult: Sendable {
    let index: Int
    let bytes: [UInt8]
    /// Nil: it was taken.
    var problem: Problem?
}

/// Takes the items of one request in.
struct BatchWork: Sendable {
    let reception: Reception
    let caller: Caller
    /// Of the whole request: items without a key of their own get one from it.
    let key: String?
    let language: Language
    let now: Moment

    func read(_ line: [UInt8], at index: Int) -> BatchReading {
        BatchReading(
            index: index, request: Result { () throws(Problem) in try SendRequest(bytes: line) }.map(keyed(index)))
    }

    func read(_ json: JSON, at index: Int) -> BatchReading {
        BatchReading(index: index, request: Result { () throws(Problem) in try SendRequest(json) }.map(keyed(index)))
    }

    private func keyed(_ index: Int) -> (SendRequest) -> SendRequest {
        { request in
            guard request.idempotencyKey == nil, let key else { return request }
            var request = request
            request.idempotencyKey = "\(key)/\(index)"
            return request
        }
    }

    /// Items that were read and decided; what is left is to store them.
    struct Page: Sendable {
        fileprivate var refused: [BatchResult]
        fileprivate var accepted: [Good]
    }

    func decided(_ readings: [BatchReading]) async -> Result<Page, Problem> {
        do throws(Problem) {
            let (refused, accepted) = try await accept(readings)
            return .success(Page(refused: refused, accepted: accepted))
        } catch { return .failure(error) }
    }

    /// One commit; a bad item takes nobody with it.
    func store(_ page: Page, dryRun: Bool) async throws(Problem) -> [BatchResult] {
        let (refused, accepted) = (page.refused, page.accepted)
        if dryRun || accepted.isEmpty { return try await (refused + rehearse(accepted)).inOrder }
        guard try await reception.charge(accepted.count, to: caller, at: now) else {
            return (refused + accepted.map { refusal(.capReached, at: $0.index) }).inOrder
        }
        let enqueued = try await stored { () async throws(StoreError) in
            try await reception.queue.enqueue(accepted.map(\.accepted.enqueue), at: now)
        }
        reception.wake()
        return (refused + zip(accepted, enqueued).map { answer($0, $1) }).inOrder
    }

    /// All or nothing.
    func together(_ readings: [BatchReading], dryRun: Bool) async throws(Problem) -> [BatchResult] {
        let (refused, accepted) = try await accept(readings)
        if !refused.isEmpty { throw whole(refused) }
        if dryRun { return try await rehearse(accepted) }
        guard try await reception.charge(accepted.count, to: caller, at: now) else { throw .capReached }
        let outcome = try await stored { () async throws(StoreError) in
            try await reception.queue.enqueueTogether(accepted.map(\.accepted.enqueue), at: now)
        }
        switch outcome {
        case .all(let enqueued):
            reception.wake()
            return zip(accepted, enqueued).map { answer($0, $1) }
        case .none(let conflicts):
            throw whole(
                accepted.enumerated().map { place, good in
                    conflicts[place].map { refusal(.keyReused(by: $0), at: good.index) }
                        ?? BatchResult(index: good.index, bytes: [])
                })
        }
    }

    /// A caller who looks at the status only must not take a batch for sent of which nothing was.
    func refuseIfNothingStands(_ results: [BatchResult]) throws(Problem) {
        if !results.isEmpty, results.allSatisfy({ $0.problem != nil }) { throw whole(results) }
    }

    // MARK: Steps

    fileprivate typealias Good = (index: Int, accepted: Accepted)

    private func accept(_ readings: [BatchReading]) async throws(Problem) -> ([BatchResult], [Good]) {
        var refused: [BatchResult] = [], good: [(index: Int, request: SendRequest)] = []
        for reading in readings {
            switch reading.request {
            case .success(let request): good.append((reading.index, request))
            case .failure(let problem): refused.append(refusal(problem, at: reading.index))
            }
        }
        let rules = reception.rules(), requests = good.map(\.request)
        let results = try await stored { () async throws(StoreError) in
            try await rules.accept(requests, from: .key(caller), at: now.wall)
        }
        var accepted: [Good] = []
        for ((index, _), result) in zip(good, results) {
            switch result {
            case .success(let message): accepted.append((index, message))
            case .failure(let problem): refused.append(refusal(problem, at: index))
            }
        }
        return (refused, accepted)
    }

    private func rehearse(_ accepted: [Good]) async throws(Problem) -> [BatchResult] {
        let explained = try await DryRun(reception: reception).explain(
            accepted.map(\.accepted), reception.rules(), at: now, language)
        return zip(accepted, explained).map { good, json in
            BatchResult(index: good.index, bytes: JSON.object(("index", .count(good.index)), ("result", json)).bytes)
        }
    }

    // MARK: Answers

    private func answer(_ good: Good, _ enqueued: Enqueued) -> BatchResult {
        let id: MessageID, replayed: Bool
        switch enqueued {
        case .new(let new): (id, replayed) = (new, false)
        case .known(let first): (id, replayed) = (first, true)
        case .conflict(let first): return refusal(.keyReused(by: first), at: good.index)
        }
        // Written by hand: there may be ten thousand.
        var bytes = Array("{\"index\":\(good.index),\"id\":\"".utf8)
        id.append(to: &bytes)
        bytes += replayed ? "\",\"replayed\":true".utf8 : "\"".utf8
        if !replayed {
            let start = MessageJSON.beginning(good.accepted.enqueue.start)
            bytes += ",\"status\":\"\(start.status)\"".utf8
            if let reason = start.reason { bytes += ",\"reason\":\"\(reason)\"".utf8 }
            if let held = start.held, let due = start.due {
                bytes += ",\"due_at\":\"\(due.ISO8601Format())\",\"held_reason\":\"\(held)\"".utf8
            }
        }
        bytes.append(UInt8(ascii: "}"))
        return BatchResult(index: good.index, bytes: bytes)
    }

    private func refusal(_ problem: Problem, at index: Int) -> BatchResult {
        let bytes = Array("{\"index\":\(index),\"problem\":".utf8) + problem.json(language) + "}".utf8
        return BatchResult(index: index, bytes: bytes, problem: problem)
    }

    /// At most so many errors are told: the rest is more of the same.
    private static let told = 100

    private func whole(_ results: [BatchResult]) -> Problem {
        let bad = results.compactMap { result in result.problem.map { (result.index, $0) } }
        var errors: [Problem.Item] = []
        for (index, problem) in bad.prefix(Self.told) {
            let inside = problem.errors.isEmpty ? [.init("", problem.code, problem.detail)] : problem.errors
            errors += inside.map { .init("/items/\(index)\($0.pointer)", $0.code, $0.detail) }
        }
        let code = bad.first?.1.code ?? .invalidValue
        return Problem(
            code, status: code.status < 500 && code != .quotaExceeded ? 422 : nil,
            Words(
                ru: "не принято ничего: отказано \(bad.count) из \(results.count)",
                en: "nothing was taken: \(bad.count) of \(results.count) are refused"), errors: errors)
    }
}

extension [BatchResult] {
    /// By the place in the request.
    fileprivate var inOrder: [BatchResult] { sorted { $0.index < $1.index } }
}
