import Domain

/// Everything the page says, in both languages.
enum PageWords {
    static let title = Words(ru: "Песочница", en: "Sandbox")
    static let product = Words(ru: "Вестник", en: "Vestnik")
    static let lead = Words(
        ru: "Сюда приходит всё, что отправляет Вестник. До настоящих жителей отсюда не дойдёт ничего.",
        en: "Everything Vestnik sends ends here. Nothing goes on to real people.")
    static let skip = Words(ru: "К сообщениям", en: "Skip to messages")
    static let channels = Words(ru: "Каналы", en: "Channels")
    static let all = Words(ru: "Все", en: "All")
    static let refresh = Words(ru: "Обновить", en: "Refresh")
    static let clear = Words(ru: "Очистить", en: "Clear")
    static let empty = Words(ru: "Пока пусто", en: "Nothing yet")
    static let emptyAdvice = Words(
        ru: "Отправьте что-нибудь на эти адреса, и оно появится здесь.",
        en: "Send something to one of these addresses and it will show up here.")
    static let emptyChannel = Words(
        ru: "По этому каналу ещё ничего не приходило.", en: "Nothing has come by this channel yet.")
    static let messages = Words(ru: "Сообщения", en: "Messages")
    static let message = Words(ru: "Сообщение", en: "Message")
    static let back = Words(ru: "← Все сообщения", en: "← All messages")
    static let view = Words(ru: "Вид", en: "View")
    static let text = Words(ru: "Текст", en: "Text")
    static let source = Words(ru: "Исходник", en: "Source")
    static let headers = Words(ru: "Заголовки", en: "Headers")
    static let to = Words(ru: "Кому", en: "To")
    static let from = Words(ru: "От кого", en: "From")
    static let subject = Words(ru: "Тема", en: "Subject")
    static let at = Words(ru: "Пришло", en: "Came at")
    static let answer = Words(ru: "Наш ответ", en: "Our answer")
    static let reference = Words(ru: "Номер отправителя", en: "Sender's id")
    static let attachments = Words(ru: "Вложения", en: "Attachments")
    static let refused = Words(ru: "не принято", en: "refused")
    static let unanswered = Words(ru: "принято, ответ не отправлен", en: "taken, answer withheld")
    static let noSubject = Words(ru: "(без темы)", en: "(no subject)")
    static let noContent = Words(ru: "До текста дело не дошло", en: "It did not come to the content")
    static let noText = Words(ru: "Текста нет.", en: "No text.")
    static let noHeaders = Words(ru: "Заголовков нет.", en: "No headers.")
    static let fresh = Words(ru: "Есть новые сообщения", en: "New messages have come")
    static let show = Words(ru: "Показать", en: "Show")
    static let gone = Words(
        ru: "Такого сообщения нет: песочница помнит только последние.",
        en: "No such message: the sandbox remembers only the latest.")
    static let mailFrame = Words(ru: "Письмо, как его видит житель", en: "The mail as the resident sees it")

    /// «1 часть, 2 части, 5 частей».
    static func parts(_ count: Int, _ language: Language) -> String {
        guard language == .ru else { return "\(count)\u{A0}part\(count == 1 ? "" : "s")" }
        let word =
            switch (count % 10, count % 100) {
            case (_, 11...14): "частей"
            case (1, _): "часть"
            case (2...4, _): "части"
            default: "частей"
            }
        return "\(count)\u{A0}\(word)"
    }

    // MARK: Chaos

    static let chaos = Words(ru: "Хаос", en: "Chaos")
    static let calm = Words(ru: "выключен", en: "off")
    static let stormy = Words(ru: "включён", en: "on")
    static let chaosLead = Words(
        ru: "Сколько сообщений из ста встретят неприятность. Ноль — ни одного.",
        en: "How many messages in a hundred meet the trouble. Zero means none.")
    static let apply = Words(ru: "Применить", en: "Apply")
    static let calmDown = Words(ru: "Всё выключить", en: "Switch all off")
    static let retryAfter = Words(ru: "Retry-After, секунд", en: "Retry-After, seconds")
    static let delay = Words(ru: "Задержка ответа, мс", en: "Answer delay, ms")
    static let other = Words(ru: "Общее", en: "Common")
    static let badChaos = Words(
        ru: "Не применено: проценты — целые от 0 до 100.", en: "Not applied: percents are whole numbers from 0 to 100.")

    static func group(_ name: String) -> Words {
        switch name {
        case "email": Words(ru: "Почта", en: "Mail")
        case "sms": Words(ru: "СМС", en: "SMS")
        case "max": Words(ru: "MAX", en: "MAX")
        default: Words(ru: "Telegram", en: "Telegram")
        }
    }

    static func chaosSwitch(_ name: String, mail: Bool) -> Words {
        switch name {
        case "refuse":
            mail
                ? Words(ru: "421 вместо приветствия", en: "421 for a greeting")
                : Words(ru: "обрыв до чтения", en: "closed before reading")
        case "throttle":
            mail
                ? Words(ru: "450 «слишком часто»", en: "450 too many")
                : Words(ru: "429 «слишком часто»", en: "429 too many")
        case "fail":
            mail
                ? Words(ru: "451 после точки", en: "451 after the dot")
                : Words(ru: "5xx «ошибка сервера»", en: "5xx server error")
        case "silence": Words(ru: "ответа нет", en: "no answer")
        case "cut":
            mail
                ? Words(ru: "обрыв после точки", en: "closed after the dot")
                : Words(ru: "обрыв без ответа", en: "closed without an answer")
        case "duplicate_report": Words(ru: "отчёт дважды", en: "report twice")
        default: Words(ru: "отчёта нет", en: "no report")
        }
    }

    // MARK: Magic addresses

    static let magic = Words(ru: "Волшебные адреса", en: "Magic addresses")
    static let magicLead = Words(
        ru: "Адрес получателя сам решает, чем кончится отправка.", en: "The recipient's address decides how it ends.")

    static func outcome(_ number: MagicNumber) -> Words {
        switch number {
        case .delivered: Words(ru: "доставлено", en: "delivered")
        case .permanent: Words(ru: "окончательный отказ", en: "refused for good")
        case .temporaryThenDelivered:
            Words(ru: "временная ошибка, со второго раза доставлено", en: "temporary, then delivered")
        case .noAnswer: Words(ru: "принято, ответа нет", en: "taken, no answer")
        case .acceptedWithoutReport: Words(ru: "принято, отчёта нет", en: "accepted, no report")
        case .reportedFailed: Words(ru: "принято, по отчёту не доставлено", en: "accepted, reported as not delivered")
        }
    }

    static func outcome(_ mailbox: MagicMailbox) -> Words {
        switch mailbox {
        case .nouser: Words(ru: "550 5.1.1 нет такого ящика", en: "550 5.1.1 no such mailbox")
        case .disabled: Words(ru: "550 5.2.1 ящик отключён", en: "550 5.2.1 mailbox disabled")
        case .full: Words(ru: "452 4.2.2 ящик полон", en: "452 4.2.2 mailbox full")
        case .grey: Words(ru: "451 4.7.1 серый список: позже примет", en: "451 4.7.1 greylisted, taken later")
        case .busy: Words(ru: "421 4.3.2 занято, соединение закрыто", en: "421 4.3.2 busy, connection closed")
        case .spam: Words(ru: "554 5.7.1 похоже на спам", en: "554 5.7.1 looks like spam")
        case .dkim:
            Words(ru: "550 5.7.515 после точки: подпись не годится", en: "550 5.7.515 after the dot: not authenticated")
        case .late: Words(ru: "451 4.3.0 после точки", en: "451 4.3.0 after the dot")
        case .cut: Words(ru: "принято, соединение оборвано", en: "taken, connection cut")
        case .silent: Words(ru: "принято, ответа нет", en: "taken, no answer")
        }
    }

    static func channel(_ channel: Channel) -> Words {
        switch channel {
        case .email: Words(ru: "Почта", en: "Mail")
        case .sms: Words(ru: "СМС", en: "SMS")
        case .max: Words(ru: "MAX", en: "MAX")
        case .maxChat: Words(ru: "MAX, чат дома", en: "MAX house chat")
        case .telegram: Words(ru: "Telegram", en: "Telegram")
        case .vk: Words(ru: "VK", en: "VK")
        case .push: Words(ru: "Пуш", en: "Push")
        case .voice: Words(ru: "Звонок", en: "Voice")
        case .paper: Words(ru: "Бумага", en: "Paper")
        }
    }
}
