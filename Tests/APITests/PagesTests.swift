import API
import Domain
import Foundation
import Intake
import Logging
import ServiceLifecycle
import Testing

struct PagesTests {
    /// Two pages, and then the disk is gone, or the end.
    private struct Long: AsyncSequence, Sendable {
        let fails: Bool
        func makeAsyncIterator() -> Iterator { Iterator(fails: fails) }
        struct Iterator: AsyncIteratorProtocol {
            let fails: Bool
            var page = 0
            mutating func next() async throws(Problem) -> [UInt8]? { try await next(isolation: nil) }
            mutating func next(isolation _: isolated (any Actor)?) async throws(Problem) -> [UInt8]? {
                page += 1
                if page <= 2 { return Array("page \(page)\n".utf8) }
                if fails { throw Problem(StoreError(.unreachable, "gone")) }
                return nil
            }
        }
    }

    /// Nobody takes a part for the whole: the last chunk is missing.
    @Test func anAnswerThatFailsHalfWayBreaksOff() async throws {
        try await withFront { front in
            let table = RouteTable([
                Route(.get, "/whole", .open) { _ in Answer(200, body: .pages(Long(fails: false))) },
                Route(.get, "/cut", .open) { _ in Answer(200, body: .pages(Long(fails: true))) },
            ])
            let (ports, port) = AsyncStream.makeStream(of: Int.self)
            let quiet = Logger(label: "pages") { _ in SwiftLogNoOpLogHandler() }
            let server = Server.listener(
                host: "127.0.0.1", port: 0, table, front.reception, pace: Pace(.init(rate: 1000, burst: 1000)),
                logger: quiet
            ) { _, bound in port.yield(bound) }
            let group = ServiceGroup(configuration: .init(services: [server], logger: quiet))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                for await bound in ports {
                    let wire = Wire(port: bound)
                    let whole = await wire.ask("GET", "/whole", key: nil)
                    #expect(whole.status == 200 && whole.whole == "page 1\npage 2\n", "\(whole.text)")
                    let cut = await wire.ask("GET", "/cut", key: nil)
                    #expect(cut.status == 200 && cut.text.contains("page 2") && cut.whole == nil, "\(cut.text)")
                    break
                }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    }
}
