import Domain
import Foundation

/// One row while it is read.
struct ResidentRow {
    let row: CSVTable.Row
    let places: [String: Int]
    let defaults: ResidentFile.Defaults
    let now: Date
    private(set) var errors: [ResidentFile.RowError] = []

    init(row: CSVTable.Row, places: [String: Int], defaults: ResidentFile.Defaults, now: Date) {
        self.row = row
        self.places = places
        self.defaults = defaults
        self.now = now
    }

    private mutating func fail<Value>(_ column: String, _ words: Words) -> Value? {
        errors.append(.init(row: row.line, column: column, words: words))
        return nil
    }

    /// Nil for an empty cell, and for columns the file does not have.
    private func cell(_ column: String) -> String? {
        guard let place = places[column], place < row.cells.count else { return nil }
        let text = row.cells[place]
        return text.utf8.allSatisfy { $0 == 0x20 } ? nil : text
    }

    /// One line of visible text.
    private mutating func line(_ column: String, limit: Int) -> String? {
        guard let text = cell(column) else { return nil }
        let plain = text.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && $0.properties.generalCategory != .format
        }
        guard plain, text.utf8.count <= limit else {
            return fail(
                column,
                Words(
                    ru: "нужна одна строка до \(limit) байт без управляющих знаков",
                    en: "one line of up to \(limit) bytes without control characters is needed"))
        }
        return text
    }

    mutating func recipient() -> Recipient? {
        guard let text = cell("id") else {
            return fail(
                "id",
                Words(ru: "нужен id: лицевой счёт, как ls:0045-12", en: "an id is needed: an account like ls:0045-12"))
        }
        guard let id = RecipientID(text) else {
            return fail(
                "id",
                Words(ru: "id: от 1 до 128 байт видимого текста", en: "an id has 1 to 128 bytes of visible text"))
        }
        let name = line("name", limit: 200)
        return Recipient(
            id: id, name: name, locale: locale(), timeZone: timeZone(), premises: premises(),
            destinations: addresses("phone", .sms) + addresses("email", .email) + addresses("max", .max)
                + addresses("telegram", .telegram) + addresses("max_chat", .maxChat))
    }

    private mutating func locale() -> String {
        guard let text = line("locale", limit: 35) else { return defaults.locale }
        return isLocale(text)
            ? text : fail("locale", Words(ru: "нужен язык: ru, tt, kk", en: "a language is needed: ru, tt, kk")) ?? ""
    }

    private mutating func timeZone() -> String {
        guard let text = line("time_zone", limit: 64) else { return defaults.timeZone }
        return ZoneName.objection(to: text).map { fail("time_zone", $0) ?? "" } ?? text
    }

    private mutating func premises() -> Premises? {
        let entrance = line("entrance", limit: 32), riser = line("riser", limit: 32), flat = line("flat", limit: 32)
        if let house = line("house", limit: 128) {
            return Premises(house: house, entrance: entrance, riser: riser, flat: flat)
        }
        if entrance != nil || riser != nil || flat != nil, cell("house") == nil {
            return fail("house", Words(ru: "есть квартира, но нет дома", en: "there is a flat but no house"))
        }
        return nil
    }

    /// Several of one kind stand with `|` between them, the preferred one first.
    private mutating func addresses(_ column: String, _ channel: Channel) -> [Destination] {
        guard let text = cell(column) else { return [] }
        var found: [Destination] = []
        for piece in pieces(text) {
            do throws(AddressError) {
                let destination = try Destination(channel, piece)
                if !found.contains(destination) { found.append(destination) }
            } catch {
                let _: Never? = fail(column, error.words)
            }
        }
        return found
    }

    private func pieces(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: "|")).map { piece in
            var piece = piece
            while let first = piece.first, first == 0x20 { piece.removeFirst() }
            while let last = piece.last, last == 0x20 { piece.removeLast() }
            return String(Substring(piece))
        }.filter { !$0.utf8.isEmpty }
    }

    // MARK: consents

    /// `news:email=granted@2026-03-02|e_receipt:*=granted`: purpose, channel or `*`, word, and the day it was said.
    mutating func consents(of recipient: RecipientID, _ ids: IDSource) -> [ConsentRecord] {
        guard let text = cell("consents") else { return [] }
        var records: [ConsentRecord] = []
        for piece in pieces(text) {
            guard let word = ConsentWord(piece, defaults: defaults, now: now) else {
                let _: Never? = fail("consents", ConsentWord.problem(of: piece, defaults: defaults, now: now))
                continue
            }
            records.append(
                ConsentRecord(
                    id: ids.next(at: now), recipient: recipient, purpose: word.purpose, channel: word.channel,
                    action: word.action, source: .import, recordedBy: defaults.by,
                    evidence: "\(defaults.file):\(row.line)", occurredAt: word.said, recordedAt: now))
        }
        return records
    }
}
