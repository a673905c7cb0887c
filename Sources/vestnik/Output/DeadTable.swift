import Domain
import FoundationEssentials
import Journal
import Wording

/// `dead list` for people: what happened to each, and below it what to do about each reason.
struct DeadTable {
    let letters: [DeadLetter]
    let house: ReadingRoom

    var text: String {
        let language = house.language
        guard !letters.isEmpty else {
            return Words(
                ru: "Недоставленных нет: всё дошло, ушло или ещё ждёт само.",
                en: "No dead letters: everything arrived, left or waits by itself.")(language)
        }
        var table =
            language == .ru
            ? Table("СООБЩЕНИЕ", "КОГДА", "КОМУ", "ЦЕЛЬ", "КАНАЛ", "ЧТО СЛУЧИЛОСЬ")
            : Table("MESSAGE", "WHEN", "TO", "PURPOSE", "CHANNEL", "WHAT HAPPENED")
        for letter in letters {
            table.add(
                letter.message.text, house.clock(letter.endedAt), letter.addressedTo, letter.purpose.text,
                letter.channel?.rawValue ?? "—", letter.words(language))
        }
        return table.render() + "\n\n" + advice.joined(separator: "\n")
    }

    private var advice: [String] {
        DeliveryFailure.Reason.allCases.compactMap { reason in
            let count = letters.count { $0.failure?.reason == reason }
            return count == 0
                ? nil
                : "\(reason.words(house.language)) (\(reason.rawValue), \(count)): \(reason.advice(house.language))"
        }
    }
}

extension DeadLetter {
    var addressedTo: String { recipient?.text ?? addressee ?? "—" }

    func words(_ language: Language) -> String {
        let what = state.words(language)
        guard let failure else { return what }
        let code = failure.code.map { " (\($0))" } ?? ""
        return "\(what): \(failure.reason.words(language))\(code)"
    }
}

struct DeadLine: Encodable {
    var id: String
    var purpose: String
    var recipient: String?
    var to: String?
    var channel: String?
    var provider: String?
    var status: String
    var reason: String?
    var provider_code: String?
    var detail: String?
    var advice: String?
    var ended_at: String
    /// A retry may bring the resident a second copy.
    var may_have_arrived: Bool

    init(_ letter: DeadLetter, _ language: Language) {
        id = letter.message.text
        purpose = letter.purpose.text
        recipient = letter.recipient?.text
        to = letter.addressee
        channel = letter.channel?.rawValue
        provider = letter.provider?.text
        status = letter.state.rawValue
        reason = letter.failure?.reason.rawValue
        provider_code = letter.failure?.code
        detail = letter.failure?.detail
        advice = letter.failure?.reason.advice(language)
        ended_at = letter.endedAt.ISO8601Format()
        may_have_arrived = letter.mayHaveArrived
    }
}
