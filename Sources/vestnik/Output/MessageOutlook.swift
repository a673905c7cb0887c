import Domain
import FoundationEssentials
import Journal
import Wording

/// What will happen to a message by itself, and what a person should do.
struct MessageOutlook {
    let view: MessageView
    let timeline: [JournalEntry]
    let house: ReadingRoom

    var lines: [String] {
        let texts = sentences.map { "  " + $0(house.language) }
        return texts.isEmpty ? [] : [Words(ru: "Что дальше:", en: "What now:")(house.language)] + texts
    }

    private var sentences: [Words] {
        switch view.state {
        case .queued: queued
        case .sending, .delivered, .expired, .cancelled: []
        case .sent: sent
        case .unconfirmed: unconfirmed
        case .failed: failed
        case .suppressed: view.reason.flatMap(SuppressedReason.init(rawValue:)).map { [$0.advice] } ?? []
        }
    }

    private var queued: [Words] {
        guard view.held == .providerPaused else { return [] }
        return [
            Words(
                ru: "Кто на паузе и почему: vestnik provider list", en: "Who is paused, and why: vestnik provider list")
        ]
    }

    private var sent: [Words] {
        if view.held == .awaitingReport, let due = view.due.map(house.clock) {
            return [
                Words(
                    ru: "Ждём отчёт о доставке до \(due), потом попробуем следующий канал.",
                    en: "We wait for a delivery report until \(due), then try the next channel.")
            ]
        }
        guard view.channel?.reportsDelivery == false else { return [] }
        return [
            Words(
                ru: "Отчёта о доставке этот канал не даёт: больше ничего не будет.",
                en: "This channel gives no delivery report: nothing more will come.")
        ]
    }

    private var unconfirmed: [Words] {
        var sentences = [MessageState.unconfirmed.sentence].compactMap { $0 }
        if let last = timeline.last(where: { $0.event == "waiting" }) {
            let finding = last.facts.first { $0.name == "finding" }.flatMap { WaitingWord(rawValue: $0.value) }
            if let words = finding?.words {
                let at = house.clock(last.at)
                sentences.append(Words(ru: "\(at): \(words.ru).", en: "At \(at): \(words.en)."))
            }
        }
        if let due = view.due.map(house.clock) {
            sentences.append(
                Words(
                    ru: "Спросим провайдера сами \(due); делать ничего не нужно.",
                    en: "We ask the provider by ourselves at \(due); nothing to do."))
            return sentences
        }
        let id = view.message.id
        return sentences + [
            Words(
                ru: "Нужен человек: узнайте у провайдера, дошло ли, и решите.",
                en: "A person is needed: find out from the provider whether it arrived, then decide."),
            Words(
                ru: "Повторить (житель может получить второй экземпляр): vestnik dead retry \(id) --even-unconfirmed",
                en: "Send again (the resident may get a second copy): vestnik dead retry \(id) --even-unconfirmed"),
            Words(ru: "Списать: vestnik dead drop \(id)", en: "Write it off: vestnik dead drop \(id)"),
        ]
    }

    private var failed: [Words] {
        guard let failure = view.failure else { return [] }
        // Only a person makes a failure of an unknown outcome.
        if failure.outlook == .unknown {
            return [
                Words(ru: "Списано человеком: делать ничего не нужно.", en: "A person wrote it off: nothing to do.")
            ]
        }
        let id = view.message.id
        return [
            failure.reason.advice,
            Words(ru: "Повторить: vestnik dead retry \(id)", en: "To retry: vestnik dead retry \(id)"),
        ]
    }
}
