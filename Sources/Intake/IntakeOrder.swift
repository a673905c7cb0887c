import Domain
import FoundationEssentials
import Queue

/// A row of the intake table, read as strictly as a request over HTTP.
struct IntakeOrder {
    let row: Int64
    let client: String
    /// With its key: the column's, else the one in the JSON, else one made of the row's number.
    let request: SendRequest
    var key: RequestKey { RequestKey(client: client, key: Array((request.idempotencyKey ?? "").utf8)) }

    init(_ row: IntakeRow, of table: String) throws(Problem) {
        guard let bytes = row.request else {
            throw Problem(
                .payloadTooLarge,
                Words(
                    ru: "request больше \(IntakeRow.limit >> 10) КиБ", en: "the request is larger than 256 KiB"))
        }
        guard let client = String(validating: row.client, as: UTF8.self), let client = ClientName(client) else {
            throw Problem(
                at: "/client",
                Words(
                    ru: "client: от 1 до 64 строчных латинских букв, цифр и знаков . _ -",
                    en: "client: 1 to 64 small Latin letters, digits and . _ -"))
        }
        var request = try SendRequest(bytes: bytes)
        guard !request.dryRun else {
            throw Problem(
                at: "/dry_run",
                Words(
                    ru: "пробный запуск через таблицу ничего не скажет: vestnik send --dry-run",
                    en: "a dry run through the table tells nothing: vestnik send --dry-run"))
        }
        request.idempotencyKey = try Self.key(of: row, inside: request.idempotencyKey) ?? "intake:\(table):\(row.id)"
        self.row = row.id
        self.client = client.text
        self.request = request
    }

    private static func key(of row: IntakeRow, inside: String?) throws(Problem) -> String? {
        guard let bytes = row.idempotencyKey else { return inside }
        guard let key = String(validating: bytes, as: UTF8.self), key.isIdempotencyKey else {
            throw Problem(at: "/idempotency_key", keyWords)
        }
        if let inside, !inside.sameBytes(as: key) {
            throw Problem(
                at: "/idempotency_key",
                Words(
                    ru: "в столбце один ключ, в request другой: оставьте один",
                    en: "one key in the column and another in the request: leave one"))
        }
        return key
    }
}

extension Problem {
    fileprivate init(at pointer: String, _ words: Words) {
        self.init(.invalidValue, words, errors: [.init(pointer, .invalidValue, words)])
    }
}
