package import Domain
import FoundationEssentials
package import Journal
package import Logging
import ServiceLifecycle
import Synchronization

/// Sends events to webhooks for as long as the gateway runs. A stop breaks off what is under way; it is sent again by the
/// next process, under the same name.
package struct WebhookSender: Service {
    /// How often the list of webhooks is looked at, and what is due when nobody rings.
    private static let look: Duration = .seconds(1)
    /// News that come together are read together.
    private static let gathering: Duration = .milliseconds(100)

    let source: any EventSource
    let book: any WebhookBook
    let bell: EventBell
    let time: TimeSource
    let random: RandomSource
    let logger: Logger
    /// A way of its own for each webhook: a slow name look-up holds up a whole libcurl loop.
    let makeWire: @Sendable () -> any WebhookWire

    package init(
        source: any EventSource, book: any WebhookBook, bell: EventBell, time: TimeSource, random: RandomSource,
        logger: Logger, makeWire: @escaping @Sendable () -> any WebhookWire
    ) {
        self.source = source
        self.book = book
        self.bell = bell
        self.time = time
        self.random = random
        self.logger = logger
        self.makeWire = makeWire
    }

    package func run() async {
        await withGracefulShutdownHandler {
            await cancelWhenGracefulShutdown { await work() }
        } onGracefulShutdown: {
            // Streams end with it, too.
            bell.close()
        }
    }

    private func work() async {
        let served = Served()
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                for webhook in await activeWebhooks() where served.begin(webhook.id) {
                    group.addTask {
                        await follow(webhook.id)
                        served.end(webhook.id)
                    }
                }
                try? await Task.sleep(for: Self.look)
            }
        }
    }

    /// Webhooks that have a lane at present.
    private final class Served: Sendable {
        private let ids = Mutex<Set<WebhookID>>([])
        /// Whether it had none.
        func begin(_ id: WebhookID) -> Bool { ids.withLock { $0.insert(id).inserted } }
        func end(_ id: WebhookID) { ids.withLock { _ = $0.remove(id) } }
    }

    private func activeWebhooks() async -> [Webhook] {
        do throws(StoreError) { return try await book.webhooks().filter(\.state.isActive) } catch {
            tell(error)
            return []
        }
    }

    /// Until it is switched off or removed, or we stop.
    private func follow(_ id: WebhookID) async {
        let wire = makeWire()
        let lane = WebhookLane(source: source, book: book, wire: wire, time: time, random: random)
        var cursor: Int64 = 0
        while !Task.isCancelled {
            let heard = bell.count
            var pause = Self.look
            do throws(StoreError) {
                guard let webhook = try await book.webhook(id), webhook.state.isActive else { break }
                switch try await lane.turn(webhook, cursor: &cursor) {
                case .again: continue
                case .wait(let due):
                    if let due { pause = min(pause, .seconds(max(0.01, due.timeIntervalSince(time.now().wall)))) }
                case .ended: logger.notice("webhook switched off by its receiver", metadata: ["webhook": "\(id)"])
                }
            } catch {
                tell(error)
                try? await Task.sleep(for: Self.look)
            }
            await bell.wait(after: heard, upTo: pause)
            try? await Task.sleep(for: Self.gathering)
        }
        await wire.close()
    }

    private func tell(_ error: StoreError) {
        guard !Task.isCancelled else { return }
        logger.warning("webhooks wait for the store", metadata: ["problem": "\(error.told(in: .en))"])
    }
}

/// Takes away what is told: deliveries that were taken a week ago, and those given up a month ago.
package struct WebhookRetention: Service {
    package static let delivered: Duration = .seconds(7 * 86_400)
    package static let failed: Duration = .seconds(30 * 86_400)
    private static let page = 1000

    let book: any WebhookBook
    let time: TimeSource
    package init(book: any WebhookBook, time: TimeSource) {
        self.book = book
        self.time = time
    }

    package func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let trimmed = (try? await Self.trim(book, at: time.now())) ?? 0
                // In pages, so that others' commits come between.
                try? await Task.sleep(for: trimmed == Self.page ? .milliseconds(100) : .seconds(3600))
            }
        }
    }

    /// One page.
    package static func trim(_ book: any WebhookBook, at now: Moment) async throws(StoreError) -> Int {
        try await book.trim(
            delivered: now.wall.addingTimeInterval(-delivered.seconds),
            failed: now.wall.addingTimeInterval(-failed.seconds),
            limit: page, at: now)
    }
}
