package import Domain
import FoundationEssentials
package import Logging
import Queue
import ServiceLifecycle
import Synchronization

/// Turns the engine until the process is asked to stop, then lets what has begun come to its end.
package struct WorkerService: Service {
    private let engine: @Sendable () -> Engine
    private let time: TimeSource
    private let wakeup: Wakeup
    private let logger: Logger
    /// How long a stop waits for answers; what is still under way then is unconfirmed at the next start.
    private let patience: Duration
    /// A new configuration, if one was read since the last turn.
    private let reload: @Sendable () -> Workshop?

    package init(
        time: TimeSource, wakeup: Wakeup, logger: Logger, patience: Duration,
        reload: @escaping @Sendable () -> Workshop? = { nil }, engine: @escaping @Sendable () -> Engine
    ) {
        self.engine = engine
        self.time = time
        self.wakeup = wakeup
        self.logger = logger
        self.patience = patience
        self.reload = reload
    }

    package func run() async throws {
        let stopAsked = Mutex(false)
        await withGracefulShutdownHandler {
            var engine = engine()
            var complaint = Complaint()
            await recover(&engine, until: stopAsked, &complaint)
            while !stopAsked.withLock({ $0 }) && !Task.isCancelled {
                if let workshop = reload() { engine.workshop = workshop }
                await step(&engine, &complaint)
            }
            await finish(&engine)
        } onGracefulShutdown: {
            stopAsked.withLock { $0 = true }
            wakeup.set()
        }
    }

    private func recover(
        _ engine: inout Engine, until stopAsked: borrowing Mutex<Bool>, _ complaint: inout Complaint
    ) async {
        while !stopAsked.withLock({ $0 }) {
            do throws(StoreError) { return try await engine.recover() } catch {
                complain(of: error, "store cannot recover", &complaint)
                await wakeup.wait(upTo: .seconds(1))
            }
        }
    }

    private func step(_ engine: inout Engine, _ complaint: inout Complaint) async {
        do throws(StoreError) {
            let worked = try await engine.turn()
            if let failures = complaint.end() {
                logger.notice("store commits again", metadata: ["failures": "\(failures)"])
            }
            if worked {
                // Of what comes within a millisecond one commit is made, not ten: each costs as much as fifty results.
                if engine.isWorthGathering { try? await Task.sleep(for: .milliseconds(1)) }
                return
            }
            let due = try await engine.wake()
            // A second at most: chores are due, and another process may have put something into the same database.
            let wait = due.map { $0.timeIntervalSince(time.now().wall) } ?? 1
            await wakeup.wait(upTo: .milliseconds(Int64(min(max(wait, 0.001), 1) * 1000)))
        } catch {
            complain(of: error, "store cannot commit", &complaint)
            await wakeup.wait(upTo: .seconds(1))
        }
    }

    private func complain(of error: StoreError, _ words: Logger.Message, _ complaint: inout Complaint) {
        guard complaint.isDue(error.kind, at: time.now().uptime) else { return }
        logger.error(
            words,
            metadata: [
                "kind": "\(error.kind.rawValue)", "detail": "\(error.detail)", "failures": "\(complaint.failures)",
            ])
    }

    /// Shutdown is not a failure: it spends no attempt. Claims go back; what is on the wire may take its time-out.
    private func finish(_ engine: inout Engine) async {
        engine.stop()
        let deadline = time.now().uptime + patience.milliseconds
        while !engine.isIdle && time.now().uptime < deadline {
            do throws(StoreError) {
                if try await !engine.turn(), !engine.isIdle { await wakeup.wait(upTo: .milliseconds(200)) }
            } catch {
                await wakeup.wait(upTo: .milliseconds(500))
            }
        }
        if !engine.isIdle {
            logger.warning("stopped before every answer came", metadata: ["underWay": "\(engine.underWay)"])
        }
    }
}

/// The same trouble is told once, and then once a minute: a disk that is full for a night must not fill the log too.
package struct Complaint {
    package private(set) var failures = 0
    private var told: (kind: StoreError.Kind, at: Int64)?

    package init() {}

    package mutating func isDue(_ kind: StoreError.Kind, at now: Int64) -> Bool {
        failures += 1
        if let told, told.kind == kind, now - told.at < 60_000 { return false }
        told = (kind, now)
        return true
    }

    /// - Returns: how often it failed; nil when all was well before.
    package mutating func end() -> Int? {
        guard failures > 0 else { return nil }
        defer { self = Complaint() }
        return failures
    }
}
