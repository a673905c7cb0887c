import Domain

/// What the command line asks of the process that owns the database. One writer owns a SQLite file, so commands that
/// write go through it when it runs; when it does not, the same command is carried out on the spot.
enum Command: Codable, Sendable {
    /// Bodies of `POST /v1/messages`, one JSON text each.
    case send(requests: [String], client: String, dryRun: Bool)
    case cancel(ids: [String])
    /// Once each: what was sent again before is left alone.
    /// - Parameter evenUnconfirmed: also where the resident may have the first copy.
    case retry(ids: [String], evenUnconfirmed: Bool)
    /// A person gives up finding out what became of them.
    case writeOff(ids: [String])
    /// - Parameter note: why, for whoever looks later.
    case pauseProvider(id: String, note: String?)
    case resumeProvider(id: String)
    /// Nothing leaves until `releaseQueue`, whatever restarts in between.
    case holdQueue
    case releaseQueue
    case backup(to: String)
    /// A residents file (CSV) with consents, as bytes in base 64.
    case importResidents(csv: String, file: String, dryRun: Bool)
    case consent(ConsentOrder)
    case suppress(channel: String, address: String, reason: String?, until: String?)
    case lift(channel: String, address: String)
    case createKey(KeyOrder)
    case revokeKey(id: String)
    case guest(GuestOrder)
    /// What a resident owes: roubles, `3250.50`; RFC 3339, nil means now.
    case facts(account: String, balance: String, asOf: String?)
    case webhook(WebhookOrder)
    case ping
}

struct ConsentOrder: Codable, Sendable {
    var recipient: String
    var purpose: String
    var channel: String?
    var action: String
    var source: String
    var evidence: String?
    var textVersion: String?
    /// RFC 3339; nil means now.
    var occurredAt: String?
}

/// What came of it.
enum Reply: Codable, Sendable {
    case items([ItemReply])
    case imported(ImportReply)
    case webhook(WebhookReply)
    case done(String)
    /// The same in the language of whoever asked.
    case said(ru: String, en: String)
    case refused(Refusal)
    /// Who answers, and for which database.
    case pong(pid: Int32, database: String)
}

/// One message of a list, in the order it was given.
struct ItemReply: Codable, Sendable {
    var index: Int
    var id: String?
    /// Of a retry: the message that `id` repeats.
    var retryOf: String?
    var status: String?
    var reason: String?
    var heldReason: String?
    var dueAt: String?
    /// The same idempotency key and request were known: this is the first answer again.
    var replayed: Bool?
    /// RFC 9457 problem, as JSON text.
    var problem: String?
    /// The problem in words for people.
    var detail: String?
    /// Dry run: the texts per channel.
    var texts: [String: String]?

    enum CodingKeys: String, CodingKey {
        case index, id, status, reason
        case retryOf = "retry_of"
        case heldReason = "held_reason"
        case dueAt = "due_at"
        case replayed, problem, detail, texts
    }
}

struct ImportReply: Codable, Sendable {
    struct RowError: Codable, Sendable {
        var row: Int
        var column: String
        var ru: String
        var en: String
    }
    var recipients: Int
    var consents: Int
    /// Of them, those that the ledger did not hold before; nil where nothing was stored.
    var newConsents: Int?
    var stored: Bool
    var errors: [RowError]

    enum CodingKeys: String, CodingKey {
        case recipients, consents
        case newConsents = "new_consents"
        case stored, errors
    }
}

/// The whole command could not be done; nothing was changed.
struct Refusal: Codable, Sendable {
    var code: Int32
    var ru: String
    var en: String
    init(_ failure: Failure) {
        code = failure.code.rawValue
        ru = failure.words.ru
        en = failure.words.en
    }
    var failure: Failure { Failure(Failure.Code(rawValue: code) ?? .unavailable, ru: ru, en: en) }
}
