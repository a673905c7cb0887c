package import Domain

/// Every way in which a request can be refused. The raw value never changes; programs may branch on it.
package enum ProblemCode: String, Sendable, CaseIterable {
    case invalidJSON = "invalid_json"
    case unknownField = "unknown_field"
    case required
    case invalidPhone = "invalid_phone"
    case invalidEmail = "invalid_email"
    case invalidValue = "invalid_value"
    case unknownTemplate = "unknown_template"
    case missingVariable = "missing_variable"
    case textTooLong = "text_too_long"
    case unknownPurpose = "unknown_purpose"
    case unknownRecipient = "unknown_recipient"
    case expiredAlready = "expired_already"
    case idempotencyKeyMissing = "idempotency_key_missing"
    case idempotencyKeyReused = "idempotency_key_reused"
    case idempotencyInProgress = "idempotency_in_progress"
    case previewStale = "preview_stale"
    case alreadySending = "already_sending"
    case notCancellable = "not_cancellable"
    case preconditionFailed = "precondition_failed"
    case unauthorized
    case forbiddenScope = "forbidden_scope"
    case guestListOnly = "guest_list_only"
    case quotaExceeded = "quota_exceeded"
    case queueFull = "queue_full"
    case storageFull = "storage_full"
    case requestTimeout = "request_timeout"
    case payloadTooLarge = "payload_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case notFound = "not_found"
    case `internal`

    /// The HTTP status that goes with it, always the same.
    package var status: Int {
        switch self {
        case .invalidJSON, .unknownField, .idempotencyKeyMissing: 400
        case .unauthorized: 401
        case .forbiddenScope, .guestListOnly: 403
        case .notFound: 404
        case .idempotencyInProgress, .previewStale, .alreadySending, .notCancellable: 409
        case .preconditionFailed: 412
        case .requestTimeout: 408
        case .payloadTooLarge: 413
        case .unsupportedMediaType: 415
        case .required, .invalidPhone, .invalidEmail, .invalidValue, .unknownTemplate, .missingVariable, .textTooLong,
            .unknownPurpose, .unknownRecipient, .expiredAlready, .idempotencyKeyReused:
            422
        case .quotaExceeded: 429
        case .internal: 500
        case .queueFull, .storageFull: 503
        }
    }

    /// The very same request may succeed later.
    package var retryable: Bool {
        switch self {
        case .idempotencyInProgress, .quotaExceeded, .queueFull, .storageFull, .requestTimeout, .internal: true
        case .invalidJSON, .unknownField, .required, .invalidPhone, .invalidEmail, .invalidValue, .unknownTemplate,
            .missingVariable, .textTooLong, .unknownPurpose, .unknownRecipient, .expiredAlready, .idempotencyKeyMissing,
            .idempotencyKeyReused, .previewStale, .alreadySending, .notCancellable, .preconditionFailed, .unauthorized,
            .forbiddenScope, .guestListOnly, .payloadTooLarge, .unsupportedMediaType, .notFound:
            false
        }
    }

    package var title: Words {
        switch self {
        case .invalidJSON: Words(ru: "Тело запроса не читается", en: "The body cannot be read")
        case .unknownField: Words(ru: "Неизвестное поле", en: "Unknown field")
        case .required: Words(ru: "Не хватает поля", en: "A field is missing")
        case .invalidPhone: Words(ru: "Неверный телефон", en: "Invalid phone")
        case .invalidEmail: Words(ru: "Неверный адрес почты", en: "Invalid mail address")
        case .invalidValue: Words(ru: "Неверное значение", en: "Invalid value")
        case .unknownTemplate: Words(ru: "Нет такого шаблона", en: "Unknown template")
        case .missingVariable: Words(ru: "В шаблоне не хватает данных", en: "The template lacks data")
        case .textTooLong: Words(ru: "Текст слишком длинный", en: "The text is too long")
        case .unknownPurpose: Words(ru: "Нет такой цели", en: "Unknown purpose")
        case .unknownRecipient: Words(ru: "Нет такого получателя", en: "Unknown recipient")
        case .expiredAlready: Words(ru: "Срок уже прошёл", en: "Expired already")
        case .idempotencyKeyMissing: Words(ru: "Нужен ключ идемпотентности", en: "An idempotency key is needed")
        case .idempotencyKeyReused:
            Words(ru: "Ключ уже занят другим запросом", en: "The idempotency key belongs to another request")
        case .idempotencyInProgress:
            Words(ru: "Запрос с этим ключом ещё выполняется", en: "A request with this key is still running")
        case .previewStale: Words(ru: "Предпросмотр устарел", en: "The preview is stale")
        case .alreadySending: Words(ru: "Уже отправляется", en: "Already being sent")
        case .notCancellable: Words(ru: "Отменить нельзя", en: "Cannot be cancelled")
        case .preconditionFailed: Words(ru: "Данные изменились", en: "The data has changed")
        case .unauthorized: Words(ru: "Нужен ключ доступа", en: "An access key is needed")
        case .forbiddenScope: Words(ru: "Ключу это не разрешено", en: "The key may not do this")
        case .guestListOnly: Words(ru: "Ключ только для списка гостей", en: "The key is for the guest list only")
        case .quotaExceeded: Words(ru: "Слишком много запросов", en: "Too many requests")
        case .queueFull: Words(ru: "Очередь полна", en: "The queue is full")
        case .storageFull: Words(ru: "Нет места на диске", en: "The disk is full")
        case .requestTimeout: Words(ru: "Запрос шёл слишком долго", en: "The request took too long")
        case .payloadTooLarge: Words(ru: "Тело слишком большое", en: "The body is too large")
        case .unsupportedMediaType: Words(ru: "Неподдерживаемый тип тела", en: "Unsupported media type")
        case .notFound: Words(ru: "Не найдено", en: "Not found")
        case .internal: Words(ru: "Внутренняя ошибка", en: "Internal error")
        }
    }
}

/// A refusal as RFC 9457 describes it: what is wrong, where in the request, in both languages.
package struct Problem: Error, Sendable, Hashable {
    package struct Item: Sendable, Hashable {
        /// RFC 6901; empty for the whole body.
        package var pointer: String
        package var code: ProblemCode
        package var detail: Words
        package init(_ pointer: String, _ code: ProblemCode, _ detail: Words) {
            self.pointer = pointer
            self.code = code
            self.detail = detail
        }
    }
    package var code: ProblemCode
    package var detail: Words
    package var errors: [Item]
    /// The code's own, save for what stands outside of the body.
    package var status: Int

    package init(_ code: ProblemCode, status: Int? = nil, _ detail: Words, errors: [Item] = []) {
        self.code = code
        self.detail = detail
        self.errors = errors
        self.status = status ?? code.status
    }

    /// Of several errors the one that makes the request unreadable leads, else the first.
    package init?(of errors: [Item]) {
        guard let lead = errors.first(where: { $0.code.status == 400 }) ?? errors.first else { return nil }
        self.init(lead.code, lead.detail, errors: errors)
    }

    /// `application/problem+json`.
    package func json(_ language: Language, requestID: String? = nil) -> [UInt8] {
        var members: [JSON.Member] = [
            .init("type", .string("/docs/errors/" + code.rawValue)), .init("title", .string(code.title(language))),
            .init("status", .number("\(status)")), .init("code", .string(code.rawValue)),
            .init("detail", .string(detail(language))),
        ]
        if let requestID { members.append(.init("instance", .string("urn:request:" + requestID))) }
        members.append(
            .init(
                "errors",
                .array(
                    errors.map { item in
                        .object([
                            .init("pointer", .string(item.pointer)), .init("code", .string(item.code.rawValue)),
                            .init("detail", .string(item.detail(language))),
                        ])
                    })))
        members.append(.init("retryable", .bool(code.retryable)))
        if let requestID { members.append(.init("request_id", .string(requestID))) }
        return JSON.object(members).bytes
    }
}

extension AddressError {
    package func code(for channel: Channel) -> ProblemCode {
        switch channel {
        case .sms, .voice: .invalidPhone
        case .email: .invalidEmail
        case .max, .maxChat, .telegram, .vk, .push, .paper: .invalidValue
        }
    }

    /// Never quotes the address.
    package var words: Words {
        switch self {
        case .empty: Words(ru: "адрес пуст", en: "the address is empty")
        case .tooLong: Words(ru: "адрес длиннее 254 байт", en: "the address is longer than 254 bytes")
        case .forbiddenCharacter:
            Words(
                ru: "в телефоне или адресе лишние символы",
                en: "the phone or address holds characters that do not belong there")
        case .notAPhone(let digits):
            Words(ru: "в телефоне \(digits) цифр, нужно 11", en: "a phone has 11 digits, this one has \(digits)")
        case .countryNotAllowed:
            Words(
                ru: "телефон не из плана нумерации +7 или платный", en: "the phone is outside of +7 or a premium number"
            )
        case .notAMailbox: Words(ru: "это не адрес почты вида имя@домен", en: "not a mail address like name@domain")
        case .localDomain:
            Words(
                ru: "адрес почты ведёт на эту машину или на IP",
                en: "the mail address leads to this machine or an IP address")
        case .localPartNotASCII:
            Words(ru: "до @ в адресе почты — только латиница", en: "before the @ a mail address has ASCII only")
        case .notAChat:
            Words(
                ru: "нужен номер чата или человека цифрами", en: "the number of a chat or person, in digits, is needed")
        }
    }
}
