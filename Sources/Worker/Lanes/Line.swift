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

    mutating func append(_ prepared: Prepared) {
        waiting[prepared.claim.message.priority.rawValue].append(prepared)
        count += 1
    }

    /// Back to the front.
    mutating func putBack(_ prepared: Prepared) {
        waiting[prepared.claim.message.priority.rawValue].prepend(prepared)
        count += 1
    }

    /// What was taken did not go: it used up nobody's turn.
    mutating func undoPick() { picks -= 1 }

    mutating func takeFirst() -> Prepared? {
        guard let place = nextPlace else { return nil }
        picks += 1
        count -= 1
        return waiting[place].removeFirst()
    }

    /// What `takeFirst` would give.
    var next: Prepared? { nextPlace.flatMap { waiting[$0].first } }

    private var nextPlace: Int? {
        guard count > 0 else { return nil }
        let turnOfTheLowest = (picks + 1) % 10 == 0
        return turnOfTheLowest
            ? waiting.lastIndex { !$0.isEmpty } : waiting.firstIndex { !$0.isEmpty }
    }

    mutating func takeAll() -> [Prepared] {
        defer { self = Line() }
        return waiting.flatMap { $0 }
    }
}
