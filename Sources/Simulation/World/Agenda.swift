import Synchronization

/// What will happen, and when. Events of one instant happen in the order in which they were entered.
final class Agenda<Event: Sendable>: Sendable {
    private struct Entry {
        let at: Int64
        let number: Int
        let event: Event
    }
    private struct Contents {
        /// The next one last.
        var entries: [Entry] = []
        var count = 0
    }
    private let contents = Mutex(Contents())

    func enter(_ event: Event, at: Int64) {
        contents.withLock { contents in
            contents.count += 1
            let entry = Entry(at: at, number: contents.count, event: event)
            let place = contents.entries.lastIndex { $0.at > at }.map { $0 + 1 } ?? 0
            contents.entries.insert(entry, at: place)
        }
    }

    var next: Int64? { contents.withLock { $0.entries.last?.at } }

    func take(upTo now: Int64) -> Event? {
        contents.withLock { contents in
            guard let last = contents.entries.last, last.at <= now else { return nil }
            contents.entries.removeLast()
            return last.event
        }
    }

    func removeAll(where matches: (Event) -> Bool) {
        contents.withLock { contents in contents.entries.removeAll { matches($0.event) } }
    }
}
