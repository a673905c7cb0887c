import CCurl
import Domain
import Synchronization
import Testing

@testable import Delivery

/// Commands reach the thread whole, in order, and wake it.
@Suite struct CurlLoopTests {
    /// Keeps what it is told.
    private final class Notes: LoopWork {
        let heard: Shared<[Int]>
        let libcurl: Bool
        private var stopped = false
        init(_ heard: Shared<[Int]>, libcurl: Bool) { (self.heard, self.libcurl) = (heard, libcurl) }
        func apply(_ command: Int) { heard.change { $0.append(command) } }
        func ended(_ handle: CurlHandle, _ code: CURLcode) {}
        func turn(at now: ContinuousClock.Instant) {}
        var needsLibcurl: Bool { libcurl }
        func ready(_ place: Int) {}
        var wakeAt: ContinuousClock.Instant? { nil }
        func stop(at now: ContinuousClock.Instant) { stopped = true }
        var isFinished: Bool { stopped }
        func close() {}
    }

    @Test(arguments: [true, false]) func commandsWakeIt(_ libcurl: Bool) async {
        let heard = Shared<[Int]>([])
        let loop = CurlLoop<Notes>(named: "notes") { _ in Notes(heard, libcurl: libcurl) }
        for round in 0..<200 {
            #expect(round % 2 == 0 ? loop.post(all: [round * 2, round * 2 + 1]) : loop.post(round * 2))
            if round % 2 == 1 { #expect(loop.post(round * 2 + 1)) }
            // Now and then it is asleep when the next ones come: a lost wake-up would be a minute's wait.
            if round % 20 == 0 { await until(within: .seconds(20)) { heard.value.count == (round + 1) * 2 } }
        }
        await until(within: .seconds(20)) { heard.value.count == 400 }
        #expect(heard.value == Array(0..<400))
        await loop.stop()
        #expect(!loop.post(1) && !loop.post(all: [2, 3]))
        #expect(heard.value.count == 400)
    }

    @Test func manyPostAtOnce() async {
        let heard = Shared<[Int]>([])
        let loop = CurlLoop<Notes>(named: "notes") { _ in Notes(heard, libcurl: false) }
        await withTaskGroup(of: Void.self) { group in
            for poster in 0..<8 {
                group.addTask { for number in 0..<500 { _ = loop.post(all: [poster * 1000 + number]) } }
            }
        }
        await until(within: .seconds(20)) { heard.value.count == 4000 }
        await loop.stop()
        for poster in 0..<8 {
            #expect(heard.value.filter { $0 / 1000 == poster } == (0..<500).map { poster * 1000 + $0 })
        }
    }
}

@Suite struct OutboxTests {
    @Test func eachCallHearsOnceATurn() {
        let heard = Shared<[[Int64]]>([])
        let answers = (0..<3).map { _ in
            Answers { batch in heard.change { $0.append(batch.map(\.reference.raw)) } }
        }
        var outbox = Outbox()
        for turn in 0..<2 {
            heard.change { $0 = [] }
            for number in 0..<9 {
                let answer = Answer(
                    reference: MessageID(raw: Int64(number)), outcome: .failure(DeliveryFailure(.noAnswer)))
                outbox.add(answer, to: answers[(number * 2 + turn) % 3])
            }
            outbox.flush()
            outbox.flush()
            #expect(heard.value.count == 3)
            #expect(Set(heard.value) == [[0, 3, 6], [1, 4, 7], [2, 5, 8]])
        }
    }
}

@Suite struct SMTPAwaitedTests {
    @Test func inTheOrderOfTheCommands() {
        let all: [SMTPAwaited.Reply] = [.content, .reset, .mail, .recipient, .data, .lonelyDot, .quit]
        var awaited = SMTPAwaited()
        #expect(awaited.isEmpty && awaited.first == nil)
        for round in 0..<5 {
            for reply in all { awaited.append(reply) }
            for (place, reply) in all.enumerated() {
                #expect(awaited.first == reply && !awaited.isEmpty, "\(round)")
                #expect(awaited.isOnly(reply) == (place == all.count - 1))
                awaited.removeFirst()
            }
            #expect(awaited == SMTPAwaited())
        }
    }
}
