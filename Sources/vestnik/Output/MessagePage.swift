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

    private var advice: [String] { MessageOutlook(view: view, timeline: timeline, house: house).lines }

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
        if let line = view.line {
            rows.append((Words(ru: "Пойдёт через", en: "Will leave by"), line.words(house.language)))
        }
        if let channel = view.channel {
            let address = view.attempts.last?.destination.address.masked ?? ""
            rows.append(
                (
                    view.line == nil
                        ? Words(ru: "Канал", en: "Channel") : Words(ru: "Последняя попытка", en: "Last tried"),
                    "\(channel.words(house.language)) \(address) \(view.provider.map { "(\($0))" } ?? "")"
                ))
        }
        if let fallback = message.fallback {
            let after = house.span(fallback.after)
            rows.append(
                (
                    Words(ru: "Другой канал", en: "Next channel"),
                    Words(ru: "если нет доставки за \(after)", en: "without a delivery in \(after)")(house.language)
                ))
        }
        if let reference = message.reference { rows.append((Words(ru: "Ваш номер", en: "Reference"), reference)) }
        if let original = message.retryOf { rows.append((Words(ru: "Повтор", en: "Retry of"), original.text)) }
        return rows.map { "  \($0.0(house.language)): \($0.1)" }
    }

    private func line(_ entry: JournalEntry) -> String { "  " + LogLine(entry).text(house, inTimeline: true) }
}
