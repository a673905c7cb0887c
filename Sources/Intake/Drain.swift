// SQL intake: rows that other programs inserted become messages, by exactly the checks of `POST /v1/messages`. A page is
// enqueued in one commit and only then settled in its own file, so a crash between the two repeats the page: every row has
// a key, its own or one made of its number, and the same key gives the same message back.

package import Domain
import FoundationEssentials
package import Queue

/// A page of rows into endings, with everything that is stored on the way stored when it returns.
package struct Drain: Sendable {
    private let accept: Accept
    private let queue: any MessageQueue
    /// Of the problems that rows keep.
    private let language: Language

    package init(accept: Accept, queue: any MessageQueue, language: Language) {
        self.accept = accept
        self.queue = queue
        self.language = language
    }

    /// One ending per row, in order of the rows.
    /// - Throws: where the store could not take them; no row is to blame, and none has an ending.
    package func callAsFunction(
        _ rows: [IntakeRow], of table: String, at now: Moment
    ) async throws(StoreError) -> [IntakeSettling] {
        var endings: [Int64: IntakeEnding] = [:]
        var orders: [IntakeOrder] = []
        for row in rows {
            do throws(Problem) { orders.append(try IntakeOrder(row, of: table)) } catch {
                endings[row.id] = refused(error)
            }
        }
        var enqueues: [(row: Int64, enqueue: Enqueue)] = []
        var refusals: [(order: IntakeOrder, problem: Problem)] = []
        // By client, because accepting is; within one client the order of the rows decides what supersedes what.
        for (client, orders) in Dictionary(grouping: orders, by: \.client).sorted(by: { $0.key < $1.key }) {
            let results = try await accept(orders.map(\.request), client: client, at: now.wall)
            for (order, result) in zip(orders, results) {
                switch result {
                case .success(let accepted): enqueues.append((order.row, accepted.enqueue))
                case .failure(let problem): refusals.append((order, problem))
                }
            }
        }
        for (row, ending) in try await enqueue(enqueues[...], at: now) { endings[row] = ending }
        for (row, ending) in try await repeats(refusals) { endings[row] = ending }
        return rows.compactMap { row in endings[row.id].map { IntakeSettling(row: row.id, ending: $0) } }
    }

    private func refused(_ problem: Problem) -> IntakeEnding {
        .refused(problem: String(decoding: problem.json(language), as: UTF8.self))
    }

    /// One commit for all of them. A row that the store chokes on is found by halves, so that it stops no other.
    private func enqueue(
        _ items: ArraySlice<(row: Int64, enqueue: Enqueue)>, at now: Moment
    ) async throws(StoreError) -> [(row: Int64, ending: IntakeEnding)] {
        guard let first = items.first else { return [] }
        do throws(StoreError) {
            let outcomes = try await queue.enqueue(items.map(\.enqueue), at: now)
            return zip(items, outcomes).map { ($0.row, ending(of: $1)) }
        } catch {
            guard error.kind == .broken else { throw error }
            guard items.count > 1 else { return [(first.row, refused(.internal))] }
            let middle = items.startIndex + items.count / 2
            return try await enqueue(items[..<middle], at: now) + enqueue(items[middle...], at: now)
        }
    }

    private func ending(of outcome: Enqueued) -> IntakeEnding {
        switch outcome {
        case .new(let id), .known(let id): .message(id)
        case .conflict(let id): refused(.reused(by: id))
        }
    }

    /// What was accepted before, by a process that died before it wrote so into the row, stays accepted; even where the
    /// same request would be refused today, its `expires_at` being over.
    private func repeats(
        _ refusals: [(order: IntakeOrder, problem: Problem)]
    ) async throws(StoreError) -> [(row: Int64, ending: IntakeEnding)] {
        guard !refusals.isEmpty else { return [] }
        let known = try await queue.first(of: Set(refusals.map(\.order.key)))
        return refusals.map { order, problem in
            guard let first = known[order.key], first.hash == order.request.hash else {
                return (order.row, refused(problem))
            }
            return (order.row, .message(first.message))
        }
    }
}

extension Problem {
    /// - Parameter id: the message that was accepted with this key.
    package static func reused(by id: MessageID) -> Problem {
        Problem(
            .idempotencyKeyReused,
            Words(
                ru: "с этим ключом уже принято другое сообщение, \(id)",
                en: "another message was accepted with this key, \(id)"))
    }

    fileprivate static let `internal` = Problem(
        .internal,
        Words(
            ru: "строка не записывается в очередь; сообщите разработчикам, что в ней",
            en: "the row cannot be written to the queue; report what is in it"))
}
