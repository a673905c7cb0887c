// What the closed lists of Domain are called in front of people, in both languages side by side. One word per idea: the
// same one on pages, in the CLI and in letters to callers. Each `words` is short enough for a table cell; each `advice`
// is one sentence that says what to do.

package import Domain

extension MessageState {
    package var words: Words {
        switch self {
        case .queued: Words(ru: "в очереди", en: "queued")
        case .sending: Words(ru: "отправляется", en: "being sent")
        case .sent: Words(ru: "передано провайдеру", en: "handed to the provider")
        case .unconfirmed: Words(ru: "без ответа", en: "no answer")
        case .delivered: Words(ru: "доставлено", en: "delivered")
        case .failed: Words(ru: "не доставлено", en: "not delivered")
        case .suppressed: Words(ru: "не отправлялось", en: "not sent by rule")
        case .expired: Words(ru: "срок прошёл, не отправлено", en: "expired, not sent")
        case .cancelled: Words(ru: "отменено", en: "cancelled")
        }
    }

    /// A sentence where the word alone would mislead; nil where it says enough.
    package var sentence: Words? {
        switch self {
        case .sent:
            Words(
                ru: "Провайдер принял сообщение. Дошло ли оно, скажет отчёт о доставке, если канал его даёт.",
                en:
                    "The provider accepted the message. Whether it arrived a delivery report will say, if the channel has one."
            )
        case .unconfirmed:
            Words(
                ru: "Провайдер не ответил. Неизвестно, дошло ли.",
                en: "The provider did not answer. Nobody knows whether it arrived.")
        case .queued, .sending, .delivered, .failed, .suppressed, .expired, .cancelled: nil
        }
    }
}

/// Follows «ждёт:» and "waits for".
extension HeldReason {
    package var words: Words {
        switch self {
        case .sendAt: Words(ru: "назначенного времени", en: "its appointed time")
        case .quietHours: Words(ru: "конца тихих часов", en: "the end of quiet hours")
        case .contactLimit: Words(ru: "нового дня лимита обращений", en: "room in the contact limit")
        case .backoff: Words(ru: "повтора", en: "the next try")
        case .providerPaused: Words(ru: "провайдера, он на паузе", en: "the provider, which is paused")
        case .rateLimit: Words(ru: "очереди у провайдера", en: "its turn at the provider")
        case .broadcastPaused: Words(ru: "рассылки, она на паузе", en: "the broadcast, which is paused")
        case .awaitingReport: Words(ru: "отчёта о доставке", en: "a delivery report")
        }
    }
}

/// Follows «не отправлялось:» and "not sent:".
extension SuppressedReason {
    package var words: Words {
        switch self {
        case .noConsent: Words(ru: "нет согласия", en: "no consent")
        case .consentWithdrawn: Words(ru: "согласие отозвано", en: "consent withdrawn")
        case .purposeOff: Words(ru: "житель отключил эту цель", en: "the resident switched this purpose off")
        case .channelOff: Words(ru: "житель отключил этот канал", en: "the resident switched this channel off")
        case .onSuppressionList: Words(ru: "адрес в стоп-листе", en: "the address is on the suppression list")
        case .noAddress: Words(ru: "нет адреса", en: "no address")
        case .contactLimit: Words(ru: "лимит обращений исчерпан", en: "the contact limit is used up")
        case .duplicate: Words(ru: "повтор", en: "a duplicate")
        case .superseded: Words(ru: "заменено более новым", en: "superseded by a newer one")
        case .conditionFalse:
            Words(ru: "условие уже не выполняется", en: "the condition does not hold any more")
        case .notInGuestList: Words(ru: "пробный ключ: нет в списке гостей", en: "a trial key: not on the guest list")
        case .foreignMessengerDenied:
            Words(ru: "иностранный мессенджер запрещён", en: "a foreign messenger is not allowed")
        }
    }

    package var advice: Words {
        switch self {
        case .noConsent:
            Words(
                ru: "Получите согласие и запишите его: vestnik consent grant.",
                en: "Get the consent and record it: vestnik consent grant.")
        case .consentWithdrawn:
            Words(
                ru: "Житель отозвал согласие. Ничего не делайте, пока он не даст новое.",
                en: "The resident withdrew the consent. Do nothing until they give a new one.")
        case .purposeOff:
            Words(
                ru: "Житель не хочет таких сообщений. Уважайте выбор.",
                en: "The resident does not want these. Respect it.")
        case .channelOff:
            Words(
                ru: "Спросите у жителя другой канал и внесите его адрес.",
                en: "Ask the resident for another channel and add its address.")
        case .onSuppressionList:
            Words(
                ru: "Уточните адрес у жителя; исправленный снимите со стоп-листа: vestnik suppression remove.",
                en: "Ask the resident for the right address; lift the corrected one: vestnik suppression remove.")
        case .noAddress:
            Words(
                ru: "Внесите телефон, почту или мессенджер жителя: vestnik recipient import.",
                en: "Add the resident's phone, mail or messenger: vestnik recipient import.")
        case .contactLimit:
            Words(ru: "Дождитесь нового срока лимита.", en: "Wait for the next period of the limit.")
        case .duplicate:
            Words(ru: "Такое сообщение уже есть, второе не нужно.", en: "There is such a message already.")
        case .superseded:
            Words(ru: "Смотрите более новое сообщение той же цепочки.", en: "See the newer message of the same thread.")
        case .conditionFalse:
            Words(
                ru: "Баланс и его дата — в строке condition истории. Нет свежих сведений о счёте: vestnik facts set.",
                en: "The history's line condition has the balance and its date. No recent facts: vestnik facts set.")
        case .notInGuestList:
            Words(
                ru: "Внесите адрес в список гостей или возьмите рабочий ключ.",
                en: "Put the address on the guest list or use a live key.")
        case .foreignMessengerDenied:
            Words(
                ru: "Вашей организации нельзя писать в иностранные мессенджеры: выберите MAX, SMS или почту.",
                en: "Your organisation may not write through foreign messengers: use MAX, SMS or mail.")
        }
    }
}
