import Domain
import Intake
import Policy

extension Caller {
    /// A test key stops and repeats no real message, and a live one no test; and none what it could not send itself.
    func mayChange(_ message: Message) throws(Problem) {
        guard mode == message.mode else {
            throw Problem(
                .forbiddenScope,
                Words(
                    ru: "сообщение принято с ключом \(message.mode.rawValue), этот ключ — \(mode.rawValue)",
                    en: "the message came under a \(message.mode.rawValue) key, this key is \(mode.rawValue)"))
        }
        if let templates, !templates.contains(message.template.id) {
            throw Problem(
                .forbiddenScope,
                Words(
                    ru: "ключу \(key) шаблон \(message.template.id) не разрешён",
                    en: "the key \(key) may not use the template \(message.template.id)"))
        }
    }
}

extension Problem {
    static let noMessage = Problem(
        .notFound, Words(ru: "такого сообщения нет", en: "there is no such message"))

    static func keyReused(by id: MessageID) -> Problem {
        Problem(
            .idempotencyKeyReused,
            Words(
                ru: "с этим ключом уже принято другое сообщение, \(id)",
                en: "another message was accepted with this key, \(id)"))
    }

    static let keyMissing = Problem(
        .idempotencyKeyMissing,
        Words(
            ru: "нужен заголовок Idempotency-Key: с ним повтор запроса не станет вторым сообщением",
            en: "the header Idempotency-Key is needed: with it a repeated request does not become a second message"))

    static let capReached = Problem(
        .quotaExceeded,
        Words(
            ru: "дневной предел сообщений этого ключа исчерпан; ничего из этого запроса не принято",
            en: "the daily cap of this key is reached; nothing of this request was taken"))

    static let sendingAlready = Problem(
        .alreadySending,
        Words(ru: "уже отправляется, отменить нельзя", en: "already being sent, cannot be cancelled"))

    static func notCancellable(_ state: MessageState) -> Problem {
        Problem(
            .notCancellable,
            Words(
                ru: "сообщение уже не в очереди (\(state.rawValue)), отменить нельзя",
                en: "the message is no longer queued (\(state.rawValue)) and cannot be cancelled"))
    }
}

/// 1…255 characters without controls, compared by bytes. In the header it may stand in quotes, as structured fields have
/// it.
enum IdempotencyKey {
    static func read(_ header: String) throws(Problem) -> String {
        var bytes = Array(header.utf8)
        if bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") {
            bytes = Array(bytes.dropFirst().dropLast())
        }
        let key = String(decoding: bytes, as: UTF8.self)
        guard key.isIdempotencyKey else {
            throw Problem(
                .invalidValue, status: 400,
                Words(
                    ru: "Idempotency-Key: от 1 до 255 знаков без управляющих",
                    en: "Idempotency-Key: 1 to 255 characters, no control characters"))
        }
        return key
    }
}
