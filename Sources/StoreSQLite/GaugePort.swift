package import Counting
package import Domain
import FoundationEssentials
import GRDB
import Journal

extension SQLiteStore: GaugeReader {
    /// Walks over what has not come to an end; what has is not looked at, however much it is.
    package func gauges(at now: Moment) async throws(StoreError) -> StoreGauges {
        let lines = try await queueLines(at: now)
        var gauges = try await read { db in
            StoreGauges(
                messages: [
                    .sending: Int(try db.number("SELECT count(*) FROM inflight") ?? 0),
                    .unconfirmed: Int(
                        try db.number(
                            "SELECT count(*) FROM outcomes WHERE state = 'unconfirmed' AND state <> 'sent'") ?? 0),
                ], bytes: (try db.number("PRAGMA page_count") ?? 0) * (try db.number("PRAGMA page_size") ?? 0))
        }
        gauges.bytes += Files.size(path + "-wal")
        gauges.held = lines.heldReasons
        gauges.messages[.queued] = lines.reduce(gauges.held.values.reduce(0, +)) { $0 + $1.waiting }
        for line in lines {
            guard let oldest = line.oldest else { continue }
            gauges.oldest[line.priority] = max(oldest, gauges.oldest[line.priority] ?? .zero)
        }
        return gauges
    }
}

extension Attempt {
    /// What is counted of it.
    var tallied: Tally.Item {
        let parts: Int, outcome: String
        switch self.outcome {
        case .accepted(let receipt):
            (parts, outcome) = (destination.channel == .sms ? receipt.parts ?? 0 : 0, "accepted")
        case .failed(let failure): (parts, outcome) = (0, failure.reason.rawValue)
        }
        return .tried(provider, outcome: outcome, seconds: endedAt.timeIntervalSince(beganAt), parts: parts)
    }
}
