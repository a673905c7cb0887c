import Domain
import FoundationEssentials
import Journal
import Settings
import StoreSQLite
import Wording

/// Says loudly that nothing leaves, why, and what would go.
struct HoldNotice {
    let hold: Hold
    let backlog: [BacklogRow]

    var queued: Int { backlog.filter { $0.kind == .queued }.reduce(0) { $0 + $1.count } }
    var awaiting: Int { backlog.filter { $0.kind == .awaitingReport }.reduce(0) { $0 + $1.count } }

    func headline(_ clock: (Date) -> String) -> Words {
        let detail = hold.detail.map { " (\($0))" } ?? ""
        let (since, by) = (clock(hold.since), hold.by)
        return Words(
            ru: "ОТПРАВКА ОСТАНОВЛЕНА с \(since) (\(by)): \(hold.reason.words.ru)\(detail). В очереди \(queued).",
            en: "SENDING IS STOPPED since \(since) (\(by)): \(hold.reason.words.en)\(detail). \(queued) queued.")
    }

    /// One row per purpose and channel, the oldest first.
    func table(_ house: Language, _ clock: (Date) -> String) -> Table {
        var table =
            house == .ru
            ? Table("ЦЕЛЬ", "КАНАЛ", "СКОЛЬКО", "ПРИНЯТО С", "ЧТО БУДЕТ")
            : Table("PURPOSE", "CHANNEL", "COUNT", "ACCEPTED FROM", "WHAT WOULD HAPPEN")
        for row in backlog {
            table.add(
                row.purpose.text, row.channel?.rawValue ?? "—", "\(row.count)", clock(row.oldest), row.kind.words(house)
            )
        }
        return table
    }
}

extension BacklogRow.Kind {
    fileprivate func words(_ language: Language) -> String {
        switch self {
        case .queued: Words(ru: "уйдёт", en: "goes out")(language)
        case .awaitingReport:
            Words(ru: "без отчёта пойдёт по следующему каналу", en: "without a report takes the next channel")(language)
        }
    }
}

struct HeldLine: Encodable {
    struct Row: Encodable {
        var kind: String
        var purpose: String
        var channel: String?
        var count: Int
        var oldest_accepted_at: String
    }
    var held: Bool
    var reason: String?
    var since: String?
    var by: String?
    var detail: String?
    var backlog: [Row]

    init(_ hold: Hold?, _ backlog: [BacklogRow]) {
        held = hold != nil
        reason = hold?.reason.rawValue
        since = hold?.since.ISO8601Format()
        by = hold?.by
        detail = hold?.detail
        self.backlog = backlog.map {
            Row(
                kind: $0.kind.rawValue, purpose: $0.purpose.text, channel: $0.channel?.rawValue, count: $0.count,
                oldest_accepted_at: $0.oldest.ISO8601Format())
        }
    }
}

extension SQLiteStore {
    /// Nil when nothing is held.
    func holdNotice() async throws(StoreError) -> HoldNotice? {
        guard let hold = try await hold() else { return nil }
        return HoldNotice(hold: hold, backlog: try await backlog())
    }
}

extension ReadingRoom {
    /// On stderr, so that no list is mistaken for one that moves.
    func warnIfHeld() async {
        guard let notice = try? await store.holdNotice() else { return }
        Console.error("! " + notice.headline(clock)(language) + " → vestnik queue held")
    }
}
