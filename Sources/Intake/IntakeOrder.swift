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
        guard let client = String(validating: row.client, as: UTF8.self), isClientName(client) else {
            throw Problem(
                at: "/client",
                Words(
                    ru: "client: от 1 до 64 латинских букв, цифр и знаков . _ -",
                    en: "client: 1 to 64 Latin letters, digits and . _ -"))
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
        self.client = client
        self.request = request
    }

    private static func key(of row: IntakeRow, inside: String?) throws(Problem) -> String? {
        guard let bytes = row.idempotencyKey else { return inside }
        guard let key = String(validating: bytes, as: UTF8.self), isIdempotencyKey(key) else {
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

/// `billing-1c`: it stands in journals and lists.
package func isClientName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
        && text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || "._-".utf8.contains($0)
        }
}

extension Problem {
    fileprivate init(at pointer: String, _ words: Words) {
        self.init(.invalidValue, words, errors: [.init(pointer, .invalidValue, words)])
    }
}
