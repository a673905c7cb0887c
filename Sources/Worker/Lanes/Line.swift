import DequeModule
import Domain
import Queue

/// What waits for one account, by priority. Emergencies overtake everything at once; every tenth place goes to a lower
/// priority, so that they delay a newsletter and do not bury it.
struct Line: Sendable {
    private var waiting: [Deque<Prepared>] = Priority.allCases.map { _ in [] }
    private var picks = 0
    private(set) var count = 0
    var emergencies: Int { waiting[Priority.emergency.rawValue].count }
    /// The next one, save where it is the turn of the lowest.
    var first: Prepared? { waiting.lazy.compactMap(\.first).first }

    mutating func append(_ prepared: Prepared) {
        waiting[prepared.claim.message.priority.rawValue].append(prepared)
        count += 1
    }

    /// Back to the front: it was taken and could not go.
    mutating func putBack(_ prepared: Prepared) {
        waiting[prepared.claim.message.priority.rawValue].prepend(prepared)
        count += 1
    }

    mutating func takeFirst() -> Prepared? {
        guard count > 0 else { return nil }
        picks += 1
        let turnOfTheLowest = picks % 10 == 0
        let places = turnOfTheLowest ? Array(waiting.indices.reversed()) : Array(waiting.indices)
        guard let place = places.first(where: { !waiting[$0].isEmpty }) else { return nil }
        count -= 1
        return waiting[place].removeFirst()
    }

    mutating func takeAll() -> [Prepared] {
        defer { self = Line() }
        return waiting.flatMap { $0 }
    }
}
