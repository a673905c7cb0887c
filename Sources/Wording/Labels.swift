package import Domain

extension Channel {
    package var words: Words {
        switch self {
        case .sms: Words(ru: "СМС", en: "SMS")
        case .email: Words(ru: "почта", en: "mail")
        case .max: Words(ru: "MAX", en: "MAX messenger")
        case .maxChat: Words(ru: "чат дома в MAX", en: "house chat in MAX")
        case .telegram: Words(ru: "Телеграм", en: "Telegram")
        case .vk: Words(ru: "ВКонтакте", en: "VK")
        case .push: Words(ru: "пуш-уведомление", en: "push notification")
        case .voice: Words(ru: "звонок", en: "voice call")
        case .paper: Words(ru: "бумажное письмо", en: "paper letter")
        }
    }
}

/// What happened, for a line of a timeline.
extension MessageEvent {
    package var words: Words {
        switch self {
        case .claimed: Words(ru: "взято в работу", en: "claimed")
        case .postponed: Words(ru: "отложено", en: "postponed")
        case .refused: Words(ru: "не отправляется по правилам", en: "refused by policy")
        case .accepted: Words(ru: "провайдер принял", en: "accepted by the provider")
        case .notTaken: Words(ru: "провайдер его не получал", en: "the provider never got it")
        case .failedTemporarily:
            Words(ru: "попытка не удалась, будет повтор", en: "attempt failed, will be tried again")
        case .failedPermanently: Words(ru: "не удалось, больше не пробуем", en: "failed for good")
        case .fellBack: Words(ru: "переход на другой адрес", en: "fell back to the next destination")
        case .leaseLost: Words(ru: "обработчик остановился до отправки", en: "the worker stopped before sending")
        case .answerLost: Words(ru: "ответ провайдера не получен", en: "the provider's answer was lost")
        case .reportedDelivered: Words(ru: "отчёт: доставлено", en: "report: delivered")
        case .reportedFailed: Words(ru: "отчёт: не доставлено", en: "report: not delivered")
        case .resent: Words(ru: "отправляется ещё раз", en: "sent once more")
        case .writtenOff: Words(ru: "списано оператором", en: "written off by an operator")
        case .expiryPassed: Words(ru: "срок прошёл", en: "expiry passed")
        case .cancelled: Words(ru: "отменено", en: "cancelled")
        case .superseded: Words(ru: "заменено более новым", en: "superseded")
        }
    }
}

extension Priority {
    package var words: Words {
        switch self {
        case .emergency: Words(ru: "авария", en: "emergency")
        case .high: Words(ru: "срочно", en: "high")
        case .normal: Words(ru: "обычно", en: "normal")
        case .bulk: Words(ru: "массово", en: "bulk")
        }
    }
}

extension ConsentRecord.Action {
    package var words: Words {
        switch self {
        case .granted: Words(ru: "согласие дано", en: "consent granted")
        case .withdrawn: Words(ru: "согласие отозвано", en: "consent withdrawn")
        case .refused: Words(ru: "в согласии отказано", en: "consent refused")
        case .imported:
            Words(ru: "согласие перенесено из прежней системы", en: "consent imported from an earlier system")
        }
    }
}

extension ConsentRecord.Source {
    package var words: Words {
        switch self {
        case .paper: Words(ru: "бумага", en: "paper")
        case .webForm: Words(ru: "форма на сайте", en: "web form")
        case .bot: Words(ru: "бот", en: "bot")
        case .call: Words(ru: "звонок", en: "call")
        case .gisZHKH: Words(ru: "ГИС ЖКХ", en: "GIS ZhKKh")
        case .esia: Words(ru: "Госуслуги (ЕСИА)", en: "Gosuslugi (ESIA)")
        case .import: Words(ru: "загрузка из файла", en: "import from a file")
        case .operator: Words(ru: "оператор", en: "operator")
        }
    }
}

extension Suppression.Reason {
    package var words: Words {
        switch self {
        case .hardBounce: Words(ru: "адрес не существует", en: "the address does not exist")
        case .complaint: Words(ru: "жалоба", en: "complaint")
        case .optedOut: Words(ru: "отказ жителя", en: "the resident opted out")
        case .manual: Words(ru: "внесён вручную", en: "added by hand")
        }
    }
}

extension Purpose.Basis {
    package var words: Words {
        switch self {
        case .contract: Words(ru: "договор", en: "contract")
        case .law: Words(ru: "обязанность по закону", en: "legal duty")
        case .consent: Words(ru: "согласие", en: "consent")
        case .vital: Words(ru: "жизнь и здоровье", en: "life and health")
        }
    }
}
