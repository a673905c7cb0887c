import Domain
import FoundationEssentials
import Journal
import Policy
import Settings
import StoreSQLite
import Wording

/// What would become of the queue if it were let go now: policy itself is asked about each message, a page at a time.
/// After a restore this is what the decision rests on, so nothing is said to go out that a withdrawal forbids.
struct BacklogOutlook {
    struct Tally {
        var goes = 0
        var refused: [SuppressedReason: Int] = [:]
        /// No account carries the channel, or the purpose is gone from the configuration.
        var failed = 0
        var expired = 0
    }
    private struct Line: Hashable {
        var purpose: PurposeID
        var channel: Channel?
    }
    private var tallies: [Line: Tally] = [:]

    static let page = 500

    static func of(_ house: ReadingRoom, at now: Moment) async throws -> BacklogOutlook {
        var outlook = BacklogOutlook()
        var last: MessageID?
        repeat {
            let (page, standings) = try await house.reading { [last] store throws(StoreError) in
                let page = try await store.queued(after: last, limit: Self.page)
                return (page, try await store.standings(of: page.messages.map(\.message), at: now))
            }
            for (queued, standing) in zip(page.messages, standings) {
                outlook.take(queued, standing, house.settings, at: now.wall)
            }
            last = page.last
        } while last != nil
        return outlook
    }

    private mutating func take(
        _ queued: QueuedMessage, _ standing: Standing, _ settings: LoadedSettings, at now: Date
    ) {
        let message = queued.message
        let line = Line(purpose: message.purpose, channel: queued.line)
        guard message.expiresAt > now else { return tallies[line, default: Tally()].expired += 1 }
        guard let purpose = settings.purposes[message.purpose] else {
            return tallies[line, default: Tally()].failed += 1
        }
        let question = Question(
            message: message, purpose: purpose, standing: standing, exhausted: queued.progress.exhausted,
            rules: settings.configuration.rules)
        switch decide(question, at: now).ending {
        // After quiet hours it goes all the same.
        case .success, .failure(.postponed): tallies[line, default: Tally()].goes += 1
        case .failure(.refused(let reason)): tallies[line, default: Tally()].refused[reason, default: 0] += 1
        case .failure(.failed): tallies[line, default: Tally()].failed += 1
        }
    }

    /// Nil for what was handed over already.
    subscript(row: BacklogRow) -> Tally? {
        switch row.kind {
        case .queued: tallies[Line(purpose: row.purpose, channel: row.channel)] ?? Tally()
        case .awaitingReport: nil
        }
    }

    /// Where policy was not asked.
    static func unasked(_ kind: BacklogRow.Kind) -> Words {
        switch kind {
        case .queued:
            Words(
                ru: "ждёт; согласия и стоп-лист проверяются перед отправкой",
                en: "waits; consents and suppressions are checked before it is sent")
        case .awaitingReport:
            Words(ru: "без отчёта пойдёт по следующему каналу", en: "without a report takes the next channel")
        }
    }

    /// `уйдёт 40; не уйдёт 2: согласие отозвано`.
    func words(for row: BacklogRow, _ language: Language) -> String {
        guard let tally = self[row] else { return Self.unasked(row.kind)(language) }
        var parts: [Words] = []
        if tally.goes > 0 { parts.append(Words(ru: "уйдёт \(tally.goes)", en: "\(tally.goes) would go out")) }
        // In the order of the closed list: a dictionary has none.
        for reason in SuppressedReason.allCases {
            guard let count = tally.refused[reason] else { continue }
            parts.append(
                Words(ru: "не уйдёт \(count): \(reason.words.ru)", en: "\(count) would not: \(reason.words.en)"))
        }
        if tally.failed > 0 {
            parts.append(
                Words(
                    ru: "не уйдёт \(tally.failed): нет провайдера или цели в настройках",
                    en: "\(tally.failed) would not: no account or no such purpose in the configuration"))
        }
        if tally.expired > 0 {
            parts.append(Words(ru: "не уйдёт \(tally.expired): срок прошёл", en: "\(tally.expired) would not: expired"))
        }
        return parts.isEmpty ? "—" : parts.map { $0(language) }.joined(separator: "; ")
    }
}
