package import Domain
package import FoundationEssentials

/// Residents and their consents from a table. Every row is read, and every wrong cell named; what is done with a file that
/// has errors is the caller's choice. Nothing is stored here.
package struct ResidentFile: Sendable, Hashable {
    package struct RowError: Sendable, Hashable {
        /// Line of the file, 1 for the first.
        package var row: Int
        /// Name of the column; empty for the row as a whole.
        package var column: String
        package var words: Words
        package init(row: Int, column: String, words: Words) {
            self.row = row
            self.column = column
            self.words = words
        }
    }

    /// What a row means that leaves something out, and what its consents are recorded with.
    package struct Defaults: Sendable {
        package var locale: String
        package var timeZone: String
        package var purposes: Set<PurposeID>
        /// Who imports: `cli:ivanova`.
        package var by: String
        /// The file's name, for the consents' evidence.
        package var file: String
        package init(locale: String = "ru", timeZone: String, purposes: Set<PurposeID>, by: String, file: String) {
            self.locale = locale
            self.timeZone = timeZone
            self.purposes = purposes
            self.by = by
            self.file = file
        }
    }

    package internal(set) var recipients: [Recipient] = []
    package internal(set) var consents: [ConsentRecord] = []
    package internal(set) var errors: [RowError] = []

    package static let columns = [
        "id", "name", "locale", "time_zone", "house", "entrance", "riser", "flat", "phone", "email", "max", "telegram",
        "max_chat", "consents",
    ]

    /// - Throws: a file that is no table. Wrong rows are in `errors`.
    package init(_ bytes: [UInt8], defaults: Defaults, ids: IDSource, at now: Date) throws(CSVFault) {
        let table = try CSVTable(bytes)
        guard let places = columns(table.header) else { return }
        var known: [RecipientID: Int] = [:]
        for row in table.rows {
            if row.cells.dropFirst(table.header.cells.count).contains(where: { !$0.utf8.isEmpty }) {
                note(row.line, "", Words(ru: "ячеек больше, чем столбцов", en: "more cells than columns"))
                continue
            }
            var reader = ResidentRow(row: row, places: places, defaults: defaults, now: now)
            let recipient = reader.recipient()
            let consents = recipient.map { reader.consents(of: $0.id, ids) } ?? []
            errors += reader.errors
            guard let recipient, reader.errors.isEmpty else { continue }
            add(recipient, consents, from: row.line, &known)
        }
    }

    /// - Parameter known: the rows in which each resident was met.
    mutating func add(
        _ recipient: Recipient, _ consents: [ConsentRecord], from row: Int, _ known: inout [RecipientID: Int]
    ) {
        if let first = known[recipient.id] {
            return note(
                row, "id", Words(ru: "этот id уже был в строке \(first)", en: "this id was in row \(first) already"))
        }
        known[recipient.id] = row
        recipients.append(recipient)
        self.consents += consents
    }

    mutating func note(_ row: Int, _ column: String, _ words: Words) {
        errors.append(RowError(row: row, column: column, words: words))
    }

    /// Where each column stands; nil, and errors, when the header is no good.
    private mutating func columns(_ header: CSVTable.Row) -> [String: Int]? {
        var places: [String: Int] = [:]
        for (index, cell) in header.cells.enumerated() where !cell.utf8.isEmpty {
            let name = cell.lowercased()
            if !Self.columns.contains(name) {
                let near = nearestName(to: name, among: Self.columns)
                let all = Self.columns.joined(separator: ", ")
                note(
                    header.line, cell,
                    Words(
                        ru: "такого столбца нет" + (near.map { "; может быть, \($0)?" } ?? "; есть: \(all)"),
                        en: "there is no such column" + (near.map { "; did you mean \($0)?" } ?? "; known: \(all)")))
            } else if places[name] != nil {
                note(header.line, cell, Words(ru: "столбец повторяется", en: "the column is repeated"))
            }
            places[name] = index
        }
        if places["id"] == nil { note(header.line, "id", Words(ru: "нужен столбец id", en: "the column id is needed")) }
        return errors.isEmpty ? places : nil
    }
}
