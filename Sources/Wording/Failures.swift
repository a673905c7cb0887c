package import Domain

extension DeliveryFailure.Kind {
    package var words: Words {
        switch self {
        case .permanent: Words(ru: "окончательный отказ", en: "refused for good")
        case .temporary: Words(ru: "не удалось за отведённое время", en: "not possible in the time there was")
        case .technical: Words(ru: "техническая причина", en: "technical trouble")
        }
    }
}

extension DeliveryFailure.Reason {
    package var words: Words {
        switch self {
        case .unknownAddress: Words(ru: "такого адреса нет", en: "no such address")
        case .optedOut: Words(ru: "житель отказался у провайдера", en: "the resident opted out at the provider")
        case .addressBusy: Words(ru: "адресат временно недоступен", en: "the addressee cannot be reached now")
        case .contentRejected: Words(ru: "провайдер не пропустил текст", en: "the provider rejected the text")
        case .tooLong: Words(ru: "текст слишком длинный", en: "the text is too long")
        case .unrenderable: Words(ru: "шаблон не заполняется", en: "the template cannot be filled in")
        case .poison: Words(ru: "отложено: на нём спотыкается отправка", en: "set aside: sending stumbles over it")
        case .throttled: Words(ru: "провайдер просит медленнее", en: "the provider asks us to slow down")
        case .unreachable: Words(ru: "провайдер недоступен", en: "the provider cannot be reached")
        case .untrusted:
            Words(ru: "сертификату провайдера нет доверия", en: "the provider's certificate is not trusted")
        case .badCredentials: Words(ru: "неверный логин, пароль или ключ", en: "wrong login, password or key")
        case .outOfFunds: Words(ru: "на счёте провайдера нет денег", en: "the account with the provider is empty")
        case .misconfigured: Words(ru: "провайдер не принимает наши настройки", en: "the provider refuses our settings")
        case .noProvider: Words(ru: "для канала нет провайдера", en: "no provider for the channel")
        case .unintelligible: Words(ru: "ответ провайдера непонятен", en: "the provider's answer makes no sense")
        case .noAnswer: Words(ru: "провайдер не ответил", en: "the provider did not answer")
        }
    }

    /// What the operator does about it; docs/FAILURES.md says more.
    package var advice: Words {
        switch self {
        case .unknownAddress:
            Words(
                ru: "Уточните адрес у жителя; исправленный снимите со стоп-листа.",
                en: "Ask the resident for the right address; lift the suppression of the corrected one.")
        case .optedOut:
            Words(
                ru: "Больше не пишите на этот адрес; предложите другой канал, когда житель обратится.",
                en: "Do not write to this address; offer another channel when the resident calls.")
        case .addressBusy:
            Words(
                ru: "Подождите: попытки повторяются сами; если не вышло, выберите другой канал.",
                en: "Wait, it is tried again by itself; if that failed, use another channel.")
        case .contentRejected:
            Words(
                ru: "Прочтите ответ провайдера, согласуйте текст или имя отправителя и повторите сообщение.",
                en: "Read the provider's answer, have the text or the sender name approved, then retry the message.")
        case .tooLong:
            Words(
                ru: "Сократите текст шаблона для этого канала и повторите сообщение.",
                en: "Shorten the template's text for this channel, then retry the message.")
        case .unrenderable:
            Words(
                ru: "Сверьте шаблон с данными сообщения, исправьте его и повторите сообщение.",
                en: "Compare the template with the message's variables, correct it, then retry the message.")
        case .poison:
            Words(
                ru:
                    "Посмотрите, чем оно отличается от других, и сообщите разработчикам; vestnik dead retry отправит ещё раз.",
                en: "Look at what is special about it and report it; vestnik dead retry sends it once more.")
        case .throttled:
            Words(
                ru: "Ничего: сообщения ждут и уйдут сами; если так каждый день, уменьшите concurrency.",
                en: "Nothing: the messages wait and go by themselves; if it happens daily, lower concurrency.")
        case .unreachable:
            Words(
                ru: "Проверьте сеть, прокси и base_url; сообщения уйдут сами, когда провайдер ответит.",
                en: "Check the network, the proxy and base_url; messages go by themselves once it answers.")
        case .untrusted:
            Words(
                ru: "Проверьте ca_file, часы машины и имя узла; проверку сертификата не отключайте.",
                en: "Check ca_file, the machine's clock and the host name; never switch verification off.")
        case .badCredentials:
            Words(
                ru: "Впишите верный пароль или ключ в его файл и перезапустите Вестник.",
                en: "Put the right password or key into its file and restart Vestnik.")
        case .outOfFunds:
            Words(
                ru: "Пополните счёт: в течение 10 минут провайдер будет испробован снова сам.",
                en: "Pay the account in; the provider is tried again by itself within 10 minutes.")
        case .misconfigured:
            Words(
                ru: "Прочтите ответ провайдера и исправьте его раздел в vestnik.yaml.",
                en: "Read the provider's answer and correct its section in vestnik.yaml.")
        case .noProvider:
            Words(
                ru: "Настройте провайдера для этого канала или уберите канал из цели.",
                en: "Configure a provider for the channel or take the channel out of the purpose.")
        case .unintelligible:
            Words(
                ru: "Сообщение могло дойти. Спросите провайдера о его ответе и решите: повторить или списать.",
                en: "It may have arrived. Ask the provider about its answer, then retry or write it off.")
        case .noAnswer:
            Words(
                ru:
                    "Сообщение могло дойти. Дождитесь отчёта или спросите провайдера, потом решите: повторить или списать.",
                en: "It may have arrived. Wait for a report or ask the provider, then retry or write it off.")
        }
    }
}

extension StoreError.Kind {
    package var words: Words {
        switch self {
        case .busy: Words(ru: "база занята другой программой", en: "another program holds the database")
        case .full: Words(ru: "в базу нельзя записать", en: "the database cannot be written")
        case .unreachable: Words(ru: "база недоступна", en: "the database cannot be reached")
        case .corrupt: Words(ru: "файл базы повреждён или чужой", en: "the database file is damaged or not ours")
        case .broken: Words(ru: "внутренняя ошибка хранилища", en: "an internal error of the store")
        }
    }

    package var advice: Words {
        switch self {
        case .busy:
            Words(
                ru: "Остановите вторую программу или подождите её.", en: "Stop the other program or wait for it.")
        case .full:
            Words(
                ru: "Освободите место на диске и проверьте права на файл.",
                en: "Free some space on the disk and check the file's permissions.")
        case .unreachable:
            Words(ru: "Проверьте путь database в vestnik.yaml.", en: "Check the path database in vestnik.yaml.")
        case .corrupt:
            Words(
                ru: "Ничего не изменено. Возьмите копию базы или другой файл.",
                en: "Nothing was changed. Use a backup of the database or another file.")
        case .broken:
            Words(
                ru: "Сохраните журнал и сообщите разработчикам.", en: "Keep the log and tell the developers.")
        }
    }
}
