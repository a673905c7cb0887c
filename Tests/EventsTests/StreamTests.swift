import Domain
import Events
import GatewayTesting
import Journal
import Testing

@Suite(.timeLimit(.minutes(1))) struct StreamTests {
    @Test func wokenByCommits() async throws {
        let site = try Site()
        try await site.suppressed(1)
        let stream = try await site.feed.stream(.billing, after: nil, beat: .seconds(30))
        let first = Task { () -> [Event]? in
            var iterator = stream.makeAsyncIterator()
            return try await iterator.next()
        }
        let committed = ContinuousClock.now
        try await site.suppressed(2)
        #expect(try await first.value?.map(\.id.raw) == [2])
        // Within a second; a machine that runs all suites at once gets more. Without a bell it would be the beat.
        #expect(.now - committed < .seconds(5))
    }

    @Test func goesOnAfterACursorAndBeats() async throws {
        let site = try Site()
        for id in 1...3 { try await site.suppressed(Int64(id)) }
        var iterator = try await site.feed.stream(.billing, after: EventID(raw: 1), beat: .milliseconds(20))
            .makeAsyncIterator()
        #expect(try await iterator.next()?.map(\.id.raw) == [2, 3])
        #expect(try await iterator.next() == [])
    }

    @Test func fiftyListenersEndWithTheHouse() async throws {
        let site = try Site()
        let stream = try await site.feed.stream(.everything, after: nil, beat: .seconds(60))
        let ends = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    var heard = 0
                    for try await events in stream { heard += events.count }
                    return heard
                }
            }
            try await site.suppressed(1)
            let closed = ContinuousClock.now
            site.bell.close()
            var ends = 0
            for try await _ in group { ends += 1 }
            #expect(.now - closed < .seconds(5))
            return ends
        }
        #expect(ends == 50)
    }

    @Test func aCancelledListenerEnds() async throws {
        let site = try Site()
        let stream = try await site.feed.stream(.everything, after: nil, beat: .seconds(60))
        let listener = Task { for try await _ in stream {} }
        listener.cancel()
        try await listener.value
    }
}
