package import Domain
package import Intake

/// What the page of an error code says: what happened, why, and what to do. docs/errors.md says the same; a test compares
/// them.
package struct ErrorPage: Sendable, Hashable {
    package var code: ProblemCode
    package var what: Words
    package var why: Words
    package var fix: Words

    package init(_ code: ProblemCode) {
        self.code = code
        (what, why, fix) = Self.texts(of: code)
    }

    private static func texts(of code: ProblemCode) -> (what: Words, why: Words, fix: Words) {
        switch code {
        case .invalidJSON:
            (
                Words(
                    ru: "Тело запроса не удалось прочитать как JSON.",
                    en: "The body could not be read as JSON."),
                Words(
                    ru:
                        "Это не JSON по RFC 8259, не UTF-8, в начале метка BOM, поле повторяется, вложенность больше 32 или тело оборвалось. В detail — номер байта.",
                    en:
                        "It is not JSON as RFC 8259 has it, not UTF-8, begins with a BOM, repeats a member, is nested deeper than 32, or broke off. detail names the byte."
                ),
                Words(
                    ru:
                        "Соберите тело библиотекой JSON, а не строкой, и отправьте в UTF-8 без BOM. В 1С проверьте кодировку записи JSON.",
                    en: "Build the body with a JSON library rather than by hand, and send it in UTF-8 without a BOM.")
            )
        case .unknownField:
            (
                Words(
                    ru: "В запросе есть поле или параметр, которых API не знает.",
                    en: "The request holds a member or parameter that the API does not know."),
                Words(
                    ru:
                        "Чаще всего это опечатка. Молча пропущенное поле значило бы, что сообщение уйдёт не так, как вы думали.",
                    en:
                        "Mostly a misspelling. A member that was silently dropped would mean a message other than you had in mind."
                ),
                Words(
                    ru:
                        "errors[].pointer показывает место, detail — ближайшее известное имя. Исправьте имя или уберите поле.",
                    en:
                        "errors[].pointer shows the place and detail the nearest known name. Mend the name or leave it out."
                )
            )
        case .required:
            (
                Words(
                    ru: "Не хватает обязательного поля.",
                    en: "A required member is missing."),
                Words(
                    ru: "Поля нет или в нём null.",
                    en: "It is not there, or null."),
                Words(
                    ru: "Добавьте поле из errors[].pointer. Что обязательно, сказано на странице /docs/api.",
                    en: "Add the member in errors[].pointer. What is required stands on /docs/api.")
            )
        case .invalidPhone:
            (
                Words(
                    ru: "Это не номер телефона, на который можно отправить.",
                    en: "Not a phone number that can be sent to."),
                Words(
                    ru: "В номере не 11 цифр, он не из плана нумерации +7, платный или с лишними знаками.",
                    en: "It has not 11 digits, is outside of +7, a premium number, or holds other characters."),
                Words(
                    ru:
                        "Пришлите +79001234567 или 8 (900) 123-45-67. Номер исправляют в вашей системе: шлюз его не угадывает.",
                    en: "Send +79001234567 or 8 (900) 123-45-67. Mend it in your own books: the gateway does not guess."
                )
            )
        case .invalidEmail:
            (
                Words(
                    ru: "Это не адрес почты, на который можно отправить.",
                    en: "Not a mail address that can be sent to."),
                Words(
                    ru:
                        "В адресе нет вида имя@домен, до @ не латиница, он длиннее 254 байт или ведёт на IP-адрес либо на эту же машину.",
                    en:
                        "It is not like name@domain, has other than ASCII before the @, is longer than 254 bytes, or leads to an IP address or to this machine."
                ),
                Words(
                    ru: "Исправьте адрес в вашей системе. Кириллица в домене разрешена.",
                    en: "Mend the address in your own books. Cyrillic domains are fine.")
            )
        case .invalidValue:
            (
                Words(
                    ru: "Поле или параметр есть, но значение не подходит.",
                    en: "The member or parameter is there, and its value does not fit."),
                Words(
                    ru:
                        "Не тот тип, не то слово, не тот вид времени или длительности, слишком длинная строка, \\u0000 в тексте. В параметрах после ? — статус 400, в теле — 422.",
                    en:
                        "A wrong type, word, time or duration, a line that is too long, \\u0000 in a text. In the query the status is 400, in the body 422."
                ),
                Words(
                    ru:
                        "detail говорит, что нужно, errors[].pointer — где. Числа и деньги пишутся строкой: \"3250.50\", время — с поясом: 2026-12-15T21:00:00+03:00.",
                    en:
                        "detail tells what is needed and errors[].pointer where. Numbers and money are text: \"3250.50\"; times have an offset: 2026-12-15T21:00:00+03:00."
                )
            )
        case .unknownTemplate:
            (
                Words(
                    ru: "Шаблона с таким именем нет.",
                    en: "There is no template of this name."),
                Words(
                    ru: "Опечатка, или шаблон ещё не загружен на этот шлюз.",
                    en: "A misspelling, or this gateway has not loaded the template yet."),
                Words(
                    ru:
                        "GET /v1/templates показывает все имена; detail называет ближайшее. После загрузки шаблона нужен SIGHUP или перезапуск.",
                    en:
                        "GET /v1/templates shows all names; detail has the nearest one. After a new template comes SIGHUP or a restart."
                )
            )
        case .missingVariable:
            (
                Words(
                    ru: "Шаблону не хватает данных.",
                    en: "The template lacks data."),
                Words(
                    ru:
                        "Шаблон требует переменную, которой в variables нет. Пустое место в счёте хуже отказа, поэтому сообщение не принято.",
                    en:
                        "The template asks for a variable that variables does not hold. A gap in a bill is worse than a refusal, so the message was not taken."
                ),
                Words(
                    ru:
                        "Добавьте переменную из errors[].pointer. GET /v1/templates/{id} показывает, какие нужны и какого типа.",
                    en:
                        "Add the variable in errors[].pointer. GET /v1/templates/{id} shows which are needed, with their types."
                )
            )
        case .textTooLong:
            (
                Words(
                    ru: "Текст не помещается в канал.",
                    en: "The text does not fit the channel."),
                Words(
                    ru: "С этими переменными SMS вышла бы длиннее предела частей.",
                    en: "With these variables the SMS would have more parts than allowed."),
                Words(
                    ru: "Сократите переменную или уберите sms из channels. Число частей показывает ?dry_run=true.",
                    en: "Shorten the variable or leave sms out of channels. ?dry_run=true shows the number of parts.")
            )
        case .unknownPurpose:
            (
                Words(
                    ru: "Цели с таким именем нет.",
                    en: "There is no purpose of this name."),
                Words(
                    ru: "Цели перечислены в Config/purposes.yaml; этой там нет.",
                    en: "Purposes are listed in Config/purposes.yaml, and this one is not among them."),
                Words(
                    ru: "Уберите purpose: у шаблона она своя. Или исправьте имя; detail называет ближайшее.",
                    en: "Leave purpose out: the template has its own. Or mend the name; detail has the nearest one.")
            )
        case .unknownRecipient:
            (
                Words(
                    ru: "Такого получателя в книге нет.",
                    en: "The book holds no such recipient."),
                Words(
                    ru: "Получателя ещё не загрузили, или его имя написано иначе.",
                    en: "The recipient was not imported yet, or is spelled otherwise."),
                Words(
                    ru: "Запишите его: PUT /v1/recipients/{external_id}, или пришлите адрес в to: {\"sms\": \"+7…\"}.",
                    en: "Write it: PUT /v1/recipients/{external_id}; or send the address in to: {\"sms\": \"+7…\"}.")
            )
        case .expiredAlready:
            (
                Words(
                    ru: "Срок сообщения уже прошёл.",
                    en: "The message has expired already."),
                Words(
                    ru: "expires_at в прошлом. Чаще всего забыт часовой пояс или очередь на вашей стороне стояла.",
                    en: "expires_at lies in the past. Mostly an offset was forgotten, or your own queue stood still."),
                Words(
                    ru: "Проверьте пояс (+03:00) и часы. Если новость больше не нужна, не отправляйте её.",
                    en: "Check the offset (+03:00) and the clock. If the news is of no use any more, do not send it.")
            )
        case .idempotencyKeyMissing:
            (
                Words(
                    ru: "Нет ключа идемпотентности.",
                    en: "There is no idempotency key."),
                Words(
                    ru:
                        "Этот шлюз настроен принимать сообщения только с ключом: без него повтор после обрыва стал бы вторым сообщением.",
                    en:
                        "This gateway takes messages with a key only: without it a repeat after a broken connection would be a second message."
                ),
                Words(
                    ru:
                        "Добавьте заголовок Idempotency-Key: номер счёта или события в вашей системе, одинаковый при повторе.",
                    en:
                        "Add the header Idempotency-Key: the number of the bill or event in your own system, the same in a repeat."
                )
            )
        case .idempotencyKeyReused:
            (
                Words(
                    ru: "С этим ключом уже принято другое сообщение.",
                    en: "Another message was accepted with this key."),
                Words(
                    ru: "Ключ тот же, тело другое. Шлюз не знает, какое из двух вы имели в виду, и второе не принял.",
                    en:
                        "The key is the same and the body is not. The gateway cannot know which one you meant and did not take the second."
                ),
                Words(
                    ru: "Повтор — с тем же телом; новое сообщение — с новым ключом. Ключи помнят 30 дней.",
                    en: "A repeat has the same body; a new message has a new key. Keys are kept for 30 days.")
            )
        case .idempotencyInProgress:
            (
                Words(
                    ru: "Первый запрос с этим ключом ещё выполняется.",
                    en: "The first request with this key is still running."),
                Words(
                    ru: "Два одинаковых запроса пришли одновременно.",
                    en: "Two equal requests came at the same time."),
                Words(
                    ru: "Повторите через Retry-After секунд с тем же ключом и телом: получите ответ первого.",
                    en: "Repeat after Retry-After seconds with the same key and body: you get the answer of the first.")
            )
        case .previewStale:
            (
                Words(
                    ru: "Предпросмотр рассылки устарел.",
                    en: "The preview of the broadcast is stale."),
                Words(
                    ru: "После предпросмотра изменились получатели, шаблон или настройки.",
                    en: "The audience, the template or the settings have changed since."),
                Words(
                    ru: "Сделайте предпросмотр снова и запускайте то, что увидели.",
                    en: "Preview again and start what you saw.")
            )
        case .alreadySending:
            (
                Words(
                    ru: "Отправка уже идёт, или повторять пока нечего.",
                    en: "It is being sent already, or there is nothing to retry yet."),
                Words(
                    ru:
                        "Отмена: запрос к провайдеру уже ушёл. Повтор: сообщение ещё в пути, или неизвестно, дошло ли первое.",
                    en:
                        "Cancelling: the request to the provider has left. Retrying: the message is still on its way, or nobody knows whether the first one arrived."
                ),
                Words(
                    ru:
                        "Дождитесь исхода: GET /v1/messages/{id}. Повторить, хотя первое могло дойти: ?even_unconfirmed=true.",
                    en:
                        "Wait for its end: GET /v1/messages/{id}. To retry although the first may have arrived: ?even_unconfirmed=true."
                )
            )
        case .notCancellable:
            (
                Words(
                    ru: "Сообщение уже не в очереди, отменить его нельзя.",
                    en: "The message is no longer queued and cannot be cancelled."),
                Words(
                    ru: "Оно отправлено или закончилось раньше, чем пришла отмена.",
                    en: "It was sent, or ended before you cancelled it."),
                Words(
                    ru:
                        "Посмотрите его состояние. Исправление отправляют новым сообщением, supersedes снимает ещё не ушедшие.",
                    en: "Look at its state. A correction is a new message; supersedes takes back what has not left yet."
                )
            )
        case .preconditionFailed:
            (
                Words(
                    ru: "Данные изменились с тех пор, как вы их видели.",
                    en: "The data has changed since you saw it."),
                Words(
                    ru:
                        "If-Match не совпал, или под фильтр подходит не столько сообщений, сколько названо в expected_count.",
                    en:
                        "If-Match does not match, or the filter finds another number of messages than expected_count says."
                ),
                Words(
                    ru: "Прочитайте заново, проверьте и повторите с новым значением.",
                    en: "Read again, check, and repeat with the new value.")
            )
        case .unauthorized:
            (
                Words(
                    ru: "Ключа нет, или он не действует.",
                    en: "There is no key, or it is not valid."),
                Words(
                    ru:
                        "Ключ пропущен, написан с ошибкой, просрочен, отозван или пришёл не с того адреса. Что именно, шлюз не говорит никому.",
                    en:
                        "It is missing, mistyped, expired, revoked, or came from another address. The gateway tells nobody which."
                ),
                Words(
                    ru:
                        "Пришлите Authorization: Bearer vk_…. Новый ключ: vestnik keys create; состояние: vestnik keys list.",
                    en:
                        "Send Authorization: Bearer vk_…. A new key: vestnik keys create; how it stands: vestnik keys list."
                )
            )
        case .forbiddenScope:
            (
                Words(
                    ru: "Ключ настоящий, но это ему не разрешено.",
                    en: "The key is good and may not do this."),
                Words(
                    ru: "У ключа нет нужного права, или шаблон либо канал не из его списка.",
                    en: "It lacks the scope, or the template or channel is not on its list."),
                Words(
                    ru:
                        "detail называет право. Права ключа не меняют: создайте новый, vestnik keys create --scope, и отзовите старый.",
                    en:
                        "detail names the scope. Scopes of a key do not change: make a new one, vestnik keys create --scope, and revoke the old one."
                )
            )
        case .guestListOnly:
            (
                Words(
                    ru: "Этим ключом рассылку не начать.",
                    en: "This key cannot start a broadcast."),
                Words(
                    ru: "Ключ vk_team_ достигает только списка гостей: он для проверки, не для жителей.",
                    en: "A key vk_team_ reaches the guest list only: it is for trying, not for residents."),
                Words(
                    ru: "Для рассылки нужен ключ vk_live_.",
                    en: "A broadcast needs a key vk_live_.")
            )
        case .quotaExceeded:
            (
                Words(
                    ru: "Слишком много запросов, или исчерпан дневной предел ключа.",
                    en: "Too many requests, or the daily cap of the key is reached."),
                Words(
                    ru:
                        "У каждого ключа своя скорость и, если задан, предел сообщений в день. Из этого запроса ничего не принято.",
                    en:
                        "Each key has its rate and, where one was set, a cap of messages a day. Nothing of this request was taken."
                ),
                Words(
                    ru:
                        "Подождите Retry-After секунд. Много сообщений отправляйте пакетом: POST /v1/messages/batch. Дневной предел меняет администратор.",
                    en:
                        "Wait Retry-After seconds. Send many messages as a batch: POST /v1/messages/batch. The administrator changes the daily cap."
                )
            )
        case .queueFull:
            (
                Words(
                    ru: "Очередь полна, сообщение не принято.",
                    en: "The queue is full and the message was not taken."),
                Words(
                    ru: "Провайдеры не успевают, или отправка остановлена. Шлюз лучше откажет, чем примет и потеряет.",
                    en:
                        "Providers do not keep up, or sending is stopped. The gateway would rather refuse than take and lose."
                ),
                Words(
                    ru:
                        "Повторите через Retry-After секунд с тем же ключом идемпотентности. Администратору: vestnik queue stats.",
                    en:
                        "Repeat after Retry-After seconds with the same idempotency key. For the administrator: vestnik queue stats."
                )
            )
        case .storageFull:
            (
                Words(
                    ru: "Записать на диск сейчас нельзя, ничего не принято.",
                    en: "Nothing can be written to disk now, and nothing was taken."),
                Words(
                    ru:
                        "Кончилось место, или база занята или не отвечает. 202 приходит только после записи, поэтому потерянных сообщений нет.",
                    en:
                        "There is no space left, or the database is busy or does not answer. 202 comes only after the write, so nothing is lost."
                ),
                Words(
                    ru:
                        "Повторите через Retry-After секунд с тем же ключом идемпотентности. Администратору: vestnik doctor.",
                    en:
                        "Repeat after Retry-After seconds with the same idempotency key. For the administrator: vestnik doctor."
                )
            )
        case .requestTimeout:
            (
                Words(
                    ru: "Запрос не пришёл целиком за отведённое время.",
                    en: "The request did not come completely within its time."),
                Words(
                    ru:
                        "На заголовки есть 20 секунд, на тело 30, на тело пакета 10 минут. Соединение закрыто, ничего не принято.",
                    en:
                        "There are 20 seconds for the head, 30 for the body, 10 minutes for the body of a batch. The connection was closed and nothing was taken."
                ),
                Words(
                    ru: "Повторите тот же запрос. Если сеть медленная, шлите пакеты поменьше.",
                    en: "Repeat the same request. Where the network is slow, send smaller batches.")
            )
        case .payloadTooLarge:
            (
                Words(
                    ru: "Тело запроса больше предела этого адреса.",
                    en: "The body is over the limit of this route."),
                Words(
                    ru:
                        "Одно сообщение — до 256 КиБ, пакет — до 16 МиБ и 10 000 сообщений, остальное — до 64 КиБ. Заголовки (431) — до 64 КиБ вместе.",
                    en:
                        "One message: 256 KiB; a batch: 16 MiB and 10,000 messages; all else: 64 KiB. The headers (431): 64 KiB together."
                ),
                Words(
                    ru: "Разделите пакет. Большие вложения замените ссылкой.",
                    en: "Split the batch. Put a link in place of large attachments.")
            )
        case .unsupportedMediaType:
            (
                Words(
                    ru: "Тело не того типа.",
                    en: "The body is not of a type that is taken here."),
                Words(
                    ru: "Нет Content-Type или он другой; или тело сжато: сжатые тела не принимаются.",
                    en:
                        "Content-Type is missing or another; or the body is compressed: compressed bodies are not taken."
                ),
                Words(
                    ru:
                        "Content-Type: application/json; для пакета строками — application/x-ndjson, для жителей — text/csv. Без Content-Encoding.",
                    en:
                        "Content-Type: application/json; application/x-ndjson for a batch of lines, text/csv for residents. No Content-Encoding."
                )
            )
        case .notFound:
            (
                Words(
                    ru: "Здесь ничего нет.",
                    en: "There is nothing here."),
                Words(
                    ru:
                        "Опечатка в адресе, такого id нет, или он чужой: чужое для вас не существует. Статус 405 — адрес верен, а метод нет.",
                    en:
                        "A misspelled path, no such id, or somebody else's: what is not yours does not exist for you. Status 405: the path is right and the method is not."
                ),
                Words(
                    ru:
                        "Сверьте путь с /docs/api и id — с ответом, в котором вы его получили. При 405 заголовок Allow перечисляет методы.",
                    en:
                        "Compare the path with /docs/api, and the id with the answer that gave it to you. With 405 the header Allow lists the methods."
                )
            )
        case .internal:
            (
                Words(
                    ru: "Ошибка на нашей стороне.",
                    en: "A fault on our side."),
                Words(
                    ru: "Этого не должно было случиться; в вашем запросе дело вряд ли.",
                    en: "This should not have happened, and your request is hardly to blame."),
                Words(
                    ru:
                        "Повторите с тем же ключом идемпотентности: второго сообщения не будет. Если не прошло, передайте администратору request_id.",
                    en:
                        "Repeat with the same idempotency key: there will be no second message. If that does not help, tell the administrator the request_id."
                )
            )
        }
    }
}
