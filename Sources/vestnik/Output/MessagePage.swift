import Domain
import FoundationEssentials
import Journal
import Wording

/// `messages show` for people: what stands, what to do, and how it went, line by line.
struct MessagePage {
    let view: MessageView
    let timeline: [JournalEntry]
    let house: ReadingRoom

    var text: String {
        ([headline] + advice + facts + [""] + timeline.map(line)).joined(separator: "\n")
    }

    private var headline: String {
        "\(mark) \(view.message.id)  \(view.standing(house.language, house.clock))"
    }

    private var mark: String {
        switch view.state {
        case .queued: "○"
        case .sending: "◐"
        case .sent: "◑"
        case .unconfirmed: "?"
        case .delivered: "✓"
        case .failed: "✗"
        case .suppressed, .expired, .cancelled: "–"
        }
    }

    private var advice: [String] {
        guard view.state == .failed, let failure = view.failure else { return [] }
        return [Words(ru: "Что делать: ", en: "What to do: ")(house.language) + failure.reason.advice(house.language)]
    }

    private var facts: [String] {
        let message = view.message
        var rows: [(Words, String)] = [
            (Words(ru: "Получатель", en: "Recipient"), view.addressee),
            (Words(ru: "Цель", en: "Purpose"), message.purpose.text),
            (
                Words(ru: "Шаблон", en: "Template"),
                "\(message.template.id)@\(message.template.version.dropFirst(7).prefix(8))"
            ),
            (Words(ru: "Принято", en: "Accepted"), "\(house.clock(message.acceptedAt)), \(message.client)"),
            (Words(ru: "Годно до", en: "Expires"), house.clock(message.expiresAt)),
        ]
        if let channel = view.channel {
            let address = view.attempts.last?.destination.address.masked ?? ""
            rows.append(
                (
                    Words(ru: "Канал", en: "Channel"),
                    "\(channel.words(house.language)) \(address) \(view.provider.map { "(\($0))" } ?? "")"
                ))
        }
        if let reference = message.reference { rows.append((Words(ru: "Ваш номер", en: "Reference"), reference)) }
        if let original = message.retryOf { rows.append((Words(ru: "Повтор", en: "Retry of"), original.text)) }
        return rows.map { "  \($0.0(house.language)): \($0.1)" }
    }

    private func line(_ entry: JournalEntry) -> String { "  " + LogLine(entry).text(house, withMessage: false) }
}

/// One journal row: `logs` and timelines.
struct LogLine: Encodable {
    var sequence: Int64
    var at: String
    var message: String?
    var event: String
    var state: String?
    var by: String
    var facts: [String: String]
    private let entry: JournalEntry

    enum CodingKeys: CodingKey { case sequence, at, message, event, state, by, facts }

    init(_ entry: JournalEntry) {
        self.entry = entry
        sequence = entry.sequence
        at = entry.at.ISO8601Format()
        message = entry.message?.text
        event = entry.event
        state = entry.state?.rawValue
        by = entry.by
        facts = [:]
        for fact in entry.facts { facts[fact.name] = fact.value }
    }

    func text(_ house: ReadingRoom, withMessage: Bool = true) -> String {
        var parts = [house.clock(entry.at)]
        if withMessage, let message = entry.message { parts.append(message.text) }
        parts.append(MessageEvent(rawValue: entry.event)?.words(house.language) ?? entry.event)
        if let state = entry.state { parts.append("→ " + state.words(house.language)) }
        let facts = entry.facts.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        if !facts.isEmpty { parts.append("[\(facts)]") }
        return parts.joined(separator: "  ")
    }
}
