import Domain
import FoundationEssentials
import Journal
import Settings
import StoreSQLite
import Wording

/// Says loudly that nothing leaves, why, and what would go.
struct HoldNotice {
    let standstill: Standstill
    let backlog: [BacklogRow]
    var hold: Hold { standstill.hold }

    var queued: Int { backlog.filter { $0.kind == .queued }.reduce(0) { $0 + $1.count } }
    var awaiting: Int { backlog.filter { $0.kind == .awaitingReport }.reduce(0) { $0 + $1.count } }

    func headline(_ clock: (Date) -> String) -> Words {
        let detail = hold.detail.map { " (\($0))" } ?? ""
        let (since, by) = (clock(hold.since), hold.by)
        guard standstill.isWrittenDown else {
            return Words(
                ru: "ОТПРАВКА ВСТАНЕТ при запуске шлюза: \(hold.reason.words.ru)\(detail). В очереди \(queued).",
                en:
                    "SENDING WILL BE STOPPED when the gateway starts: \(hold.reason.words.en)\(detail). \(queued) queued."
            )
        }
        return Words(
            ru: "ОТПРАВКА ОСТАНОВЛЕНА с \(since) (\(by)): \(hold.reason.words.ru)\(detail). В очереди \(queued).",
            en: "SENDING IS STOPPED since \(since) (\(by)): \(hold.reason.words.en)\(detail). \(queued) queued.")
    }

    /// One row per purpose and channel, the oldest first.
    /// - Parameter outlook: nil where there is no time to ask policy about the whole queue.
    func table(_ outlook: BacklogOutlook?, _ house: Language, _ clock: (Date) -> String) -> Table {
        var table =
            house == .ru
            ? Table("ЦЕЛЬ", "КАНАЛ", "СКОЛЬКО", "ПРИНЯТО С", "ЧТО БУДЕТ")
            : Table("PURPOSE", "CHANNEL", "COUNT", "ACCEPTED FROM", "WHAT WOULD HAPPEN")
        for row in backlog {
            table.add(
                row.purpose.text, row.channel?.rawValue ?? "—", "\(row.count)", clock(row.oldest),
                outlook?.words(for: row, house) ?? BacklogOutlook.unasked(row.kind)(house))
        }
        return table
    }
}

struct HeldLine: Encodable {
    struct Row: Encodable {
        var kind: String
        var purpose: String
        var channel: String?
        var count: Int
        var oldest_accepted_at: String
        /// Of those queued: how many policy would let go now, how many it would refuse and why, how many are too late.
        var goes_out: Int?
        var refused: [String: Int]?
        var expired: Int?
    }
    var held: Bool
    var reason: String?
    /// Absent where it is not written down yet: it will be when a gateway starts.
    var since: String?
    var by: String?
    var detail: String?
    var backlog: [Row]

    init(_ standstill: Standstill?, _ backlog: [BacklogRow], _ outlook: BacklogOutlook) {
        let hold = standstill?.hold
        held = hold != nil
        reason = hold?.reason.rawValue
        since = standstill?.isWrittenDown == true ? hold?.since.ISO8601Format() : nil
        by = hold?.by
        detail = hold?.detail
        self.backlog = backlog.map { row in
            let tally = outlook[row]
            return Row(
                kind: row.kind.rawValue, purpose: row.purpose.text, channel: row.channel?.rawValue, count: row.count,
                oldest_accepted_at: row.oldest.ISO8601Format(), goes_out: tally?.goes,
                refused: tally.map {
                    Dictionary($0.refused.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: +)
                }, expired: tally?.expired)
        }
    }
}

/// Why nothing leaves, or would not once a gateway starts.
struct Standstill {
    let hold: Hold
    /// False: no gateway has opened this file yet; it would come up held.
    let isWrittenDown: Bool
}

extension SQLiteStore {
    /// Nil when messages go. A person's pause does not cover up what speaks against the file.
    func standstill() async throws(StoreError) -> Standstill? {
        let hold = try await hold()
        if let hold, hold.reason.doubtsTheFile { return Standstill(hold: hold, isWrittenDown: true) }
        if let doubt = try await doubt() {
            return Standstill(
                hold: Hold(reason: doubt.reason, since: Clocks.now().wall, by: "gateway", detail: doubt.detail),
                isWrittenDown: false)
        }
        return hold.map { Standstill(hold: $0, isWrittenDown: true) }
    }

    /// Nil when nothing is held.
    func holdNotice() async throws(StoreError) -> HoldNotice? {
        guard let standstill = try await standstill() else { return nil }
        return HoldNotice(standstill: standstill, backlog: try await backlog())
    }
}

extension ReadingRoom {
    /// On stderr, so that no list is mistaken for one that moves.
    func warnIfHeld() async {
        guard let notice = try? await store.holdNotice() else { return }
        Console.error("! " + notice.headline(clock)(language) + " → vestnik queue held")
    }
}
