import Domain
import FoundationEssentials
import GRDB
import Journal
import Queue
import Synchronization

/// The wall clock of the machine was ahead and somebody, mostly NTP, sets it back. What was due is due still, and a pause
/// between two attempts does not grow by the error: without this, what was accepted while the clock was a month ahead
/// would wait for a month. Times that people named (quiet hours, `send_at`, `expires_at`) stay where the calendar has them.
extension Transaction {
    /// Smaller steps delay nothing by more than this.
    private static let noticed: Int64 = 60_000

    /// Before the first item of a batch. The clock that nobody can set tells what the other one would show by now.
    func noticeClockSetBack() throws {
        guard let offset = session.clockOffset.withLock({ $0 }) else { return }
        try clockSetBack(from: offset + now.uptime)
    }

    /// At a start there is only the journal to say how late it has been.
    func noticeClockSetBackSinceLastEntry() throws {
        guard let last = try db.number("SELECT at FROM journal ORDER BY sequence DESC LIMIT 1") else { return }
        try clockSetBack(from: last)
    }

    private func clockSetBack(from before: Int64) throws {
        let now = now.wall.milliseconds
        let step = before - now
        guard step > Self.noticed else { return }
        try db.run("UPDATE queue SET due_at = ? WHERE due_at > ? AND due_at <= ?", [now, now, before])
        try db.run("UPDATE inflight SET due_at = ? WHERE due_at > ? AND due_at <= ?", [now, now, before])
        workbench.leases = [:]
        try db.run(
            "UPDATE queue SET due_at = due_at - ? WHERE due_at > ? AND held IN (?, ?)",
            [step, before, HeldReason.backoff.rawValue, HeldReason.providerPaused.rawValue])
        try db.run(
            "UPDATE outcomes SET due_at = max(due_at - ?, ?) WHERE due_at > ? AND held = ?",
            [step, now, now, HeldReason.awaitingReport.rawValue])
        try journal(
            "clockSetBack", by: "gateway",
            [.init("from", Date(milliseconds: before).ISO8601Format()), .init("seconds", "\(step / 1000)")])
    }
}

extension Session {
    /// After a commit: from now on this is how the two clocks stand to each other.
    func remember(_ now: Moment) { clockOffset.withLock { $0 = now.wall.milliseconds - now.uptime } }
}
