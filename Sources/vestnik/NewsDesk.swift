import Domain
import Foundation
import Logging
import Queue
import Synchronization
import Worker

/// Log lines of the worker: what somebody should look at at once, the rest as a sum every ten seconds. The journal has
/// every single event; a line per message at full rate would be a second journal and a slow one.
final class NewsDesk: Sendable {
    private let logger: Logger
    private let time: TimeSource
    /// Since when, in uptime.
    private let sums: Mutex<(since: Int64, counts: [MessageEvent: Int])>
    /// Troubles of messages; those of an account are the worker's to count.
    private let told = Mutex(Told())

    init(logger: Logger, time: TimeSource) {
        self.logger = logger
        self.time = time
        sums = Mutex((time.now().uptime, [:]))
    }

    func tell(_ news: WorkerNews) {
        switch news {
        case .trouble(let trouble, let until):
            logger.log(
                level: trouble.alertsOperator ? .warning : .notice,
                until == nil ? "provider answered strangely" : "provider paused",
                metadata: [
                    "provider": "\(trouble.provider)", "reason": "\(trouble.failure.reason.rawValue)",
                    "code": "\(trouble.failure.code ?? "")", "until": "\(until?.ISO8601Format() ?? "")",
                ])
        case .recovered(let provider): logger.notice("provider works again", metadata: ["provider": "\(provider)"])
        case .happened(let happenings):
            for happening in happenings { tell(happening) }
            sum(happenings)
        }
    }

    private func tell(_ happening: Happening) {
        logger.log(
            level: level(of: happening), "message",
            metadata: [
                "message": "\(happening.message)", "purpose": "\(happening.purpose)",
                "event": "\(happening.event.rawValue)", "state": "\(happening.state.rawValue)",
                "provider": "\(happening.provider?.text ?? "")", "reason": "\(happening.reason ?? "")",
            ])
    }

    /// One rejected text of a broadcast is a warning, its forty thousand brothers are notices.
    private func level(of happening: Happening) -> Logger.Level {
        let reason = happening.reason.flatMap(DeliveryFailure.Reason.init(rawValue:))
        // No account was used, or it has no part in the ending.
        let isTheMessages = happening.provider == nil || happening.state == .failed
        if let reason, reason.alertsOperator, isTheMessages,
            told.withLock({ $0.isNew(reason, rests: false, at: time.now().uptime) })
        {
            return .warning
        }
        return happening.state == .unconfirmed || happening.state == .failed ? .notice : .debug
    }

    private func sum(_ happenings: [Happening]) {
        let now = time.now().uptime
        let due = sums.withLock { sums -> [MessageEvent: Int]? in
            for happening in happenings { sums.counts[happening.event, default: 0] += 1 }
            guard now - sums.since >= 10_000, !sums.counts.isEmpty else { return nil }
            defer { sums = (now, [:]) }
            return sums.counts
        }
        guard let due else { return }
        var metadata: Logger.Metadata = [:]
        for (event, count) in due { metadata[event.rawValue] = "\(count)" }
        logger.info("ten seconds", metadata: metadata)
    }
}
