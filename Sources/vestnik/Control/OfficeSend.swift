import Domain
import Foundation
import Intake
import Journal
import Policy
import Queue
import Rendering
import Settings
import StoreSQLite
import Worker

/// The office's way in for messages: read, accept, store, and only then answer.
extension Office {
    func send(_ bodies: [String], client: String, dryRun: Bool) async throws -> [ItemReply] {
        let now = Clocks.now()
        var items = bodies.indices.map { ItemReply(index: $0) }
        var good: [(place: Int, request: SendRequest)] = []
        for (place, body) in bodies.enumerated() {
            do throws(Problem) {
                good.append((place, try SendRequest(bytes: Array(body.utf8))))
            } catch {
                items[place].refuse(error, language)
            }
        }
        let results = try await accept(good.map(\.request), client: client, at: now.wall)
        var accepted: [(place: Int, accepted: Accepted)] = []
        for ((place, request), result) in zip(good, results) {
            switch result {
            case .failure(let problem): items[place].refuse(problem, language)
            case .success(let message):
                if dryRun || request.dryRun {
                    try await explain(message, in: &items[place], at: now)
                } else {
                    accepted.append((place, message))
                }
            }
        }
        try await store(accepted, in: &items, at: now)
        return items
    }

    /// One commit for the page; the answer follows it.
    private func store(
        _ accepted: [(place: Int, accepted: Accepted)], in items: inout [ItemReply], at now: Moment
    ) async throws {
        guard !accepted.isEmpty else { return }
        let enqueued = try await store.enqueue(accepted.map(\.accepted.enqueue), at: now)
        for ((place, message), outcome) in zip(accepted, enqueued) {
            switch outcome {
            case .new(let id):
                items[place].id = id.text
                items[place].tell(message.enqueue.start)
            case .known(let id):
                items[place].id = id.text
                items[place].replayed = true
                if let view = try await store.message(id) { items[place].tell(view) }
            case .conflict(let id):
                items[place].refuse(.reused(by: id), language)
            }
        }
        wakeup.set()
    }

    /// Dry run: the real policy and the real renderer, and nothing is stored.
    private func explain(_ accepted: Accepted, in item: inout ItemReply, at now: Moment) async throws {
        let message = accepted.enqueue.message
        let standing = try await store.standings(of: [message], at: now).first ?? Standing(epoch: Epoch(0))
        let purpose = try settings.purpose(named: message.purpose.text)
        let question = Question(
            message: message, purpose: purpose, standing: standing, rules: rulebook.current.rules)
        let decision = decide(question, at: now.wall)
        switch decision.ending {
        case .success: item.status = "queued"
        case .failure(.refused(let reason)):
            item.status = MessageState.suppressed.rawValue
            item.reason = reason.rawValue
        case .failure(.postponed(let until, let held)):
            item.status = MessageState.queued.rawValue
            item.heldReason = held.rawValue
            item.dueAt = until.ISO8601Format()
        case .failure(.failed(let failure)): item.reason = failure.reason.rawValue
        }
        item.texts = [:]
        for (channel, text) in accept.texts(of: accepted) {
            switch text {
            case .success(let content): item.texts?[channel.rawValue] = content.text
            case .failure(let error): item.texts?[channel.rawValue] = "✗ \(error.words(language))"
            }
        }
    }
}

extension ItemReply {
    mutating func refuse(_ problem: Problem, _ language: Language) {
        self.problem = String(decoding: problem.json(language), as: UTF8.self)
        let places = problem.errors.map { "\($0.pointer): \($0.detail(language))" }
        detail =
            "\(problem.code.rawValue): " + (places.isEmpty ? problem.detail(language) : places.joined(separator: "; "))
    }

    mutating func tell(_ start: Enqueue.Start) {
        switch start {
        case .queued(let due, let held, _):
            status = MessageState.queued.rawValue
            heldReason = held?.rawValue
            if held != nil { dueAt = due.ISO8601Format() }
        case .suppressed(let why):
            status = MessageState.suppressed.rawValue
            reason = why.rawValue
        }
    }

    mutating func tell(_ view: MessageView) {
        status = view.state.rawValue
        reason = view.reason
    }
}
