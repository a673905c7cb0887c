package import Domain

/// Lines of the journal that are no `MessageEvent`.
package enum JournalWord: String, Sendable, CaseIterable {
    case began, waiting, illegal
    case consent, suppression, lifted, recipient, facts, provider
    case key
    case exported
    case held, released, backup, clockSetBack
    case webhook

    package var words: Words {
        switch self {
        case .began: Words(ru: "начали отправку", en: "began to send")
        case .waiting: Words(ru: "ждём дальше", en: "still waiting")
        case .illegal: Words(ru: "невозможный шаг, сообщите разработчикам", en: "an impossible step, report it")
        case .consent: Words(ru: "слово жителя записано", en: "the resident's word was recorded")
        case .suppression: Words(ru: "адрес внесён в стоп-лист", en: "address suppressed")
        case .lifted: Words(ru: "адрес снят со стоп-листа", en: "suppression lifted")
        case .recipient: Words(ru: "данные жителя изменены", en: "resident's data changed")
        case .facts: Words(ru: "сведения о лицевом счёте", en: "facts of an account")
        case .provider: Words(ru: "провайдер", en: "provider")
        case .exported: Words(ru: "личные данные выданы", en: "personal data handed out")
        case .key: Words(ru: "ключи API", en: "API keys")
        case .held: Words(ru: "отправка остановлена", en: "sending stopped")
        case .released: Words(ru: "отправка снова идёт", en: "sending goes on")
        case .backup: Words(ru: "снята копия базы", en: "database copied")
        case .clockSetBack: Words(ru: "часы переведены назад", en: "the clock was set back")
        case .webhook: Words(ru: "вебхук", en: "webhook")
        }
    }
}

extension WaitingWord {
    package var words: Words {
        switch self {
        case .asked: Words(ru: "спросили провайдера", en: "asked the provider")
        case .notKnown: Words(ru: "провайдер о нём не знает", en: "the provider does not know it")
        case .nobodyToAsk: Words(ru: "спросить больше некого", en: "nobody left to ask")
        case .nothingLeft: Words(ru: "следующего канала нет", en: "there is no next channel")
        case .unreadable: Words(ru: "запись о нём повреждена", en: "its record is damaged")
        }
    }
}

/// The name of a journal line for people. `accepted` is two things: first we took the message, later the provider did.
package func journalWords(event: String, state: MessageState?, finding: String?) -> Words? {
    if event == MessageEvent.accepted.rawValue, state == .queued || state == .suppressed {
        return Words(ru: "принято", en: "accepted")
    }
    if let found = finding.flatMap(WaitingWord.init(rawValue:)) { return found.words }
    return MessageEvent(rawValue: event)?.words ?? JournalWord(rawValue: event)?.words
}
