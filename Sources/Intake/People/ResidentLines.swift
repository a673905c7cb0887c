package import Domain
package import FoundationEssentials

/// Residents as lines of JSON: the same members as one resident has, with `id` and `consents` beside them.
extension ResidentFile {
    /// Rows are counted as the lines come, from 1, empty ones left out; the column of an error is the pointer into its line.
    package init(lines: [[UInt8]], defaults: Defaults, ids: IDSource, at now: Date) {
        var known: [RecipientID: Int] = [:]
        for (place, line) in lines.enumerated() {
            let row = place + 1
            do throws(Problem) {
                let (recipient, consents) = try Self.resident(line, row, defaults, ids, at: now)
                add(recipient, consents, from: row, &known)
            } catch {
                if error.errors.isEmpty { note(row, "", error.detail) }
                for item in error.errors { note(row, item.pointer, item.detail) }
            }
        }
    }

    private static func resident(
        _ line: [UInt8], _ row: Int, _ defaults: Defaults, _ ids: IDSource, at now: Date
    ) throws(Problem) -> (Recipient, [ConsentRecord]) {
        var fields = try RequestFields(try JSON(strict: line))
        // A nameless line is refused below, and what it says is read all the same: all errors are told at once.
        let id = fields.require("id") { fields, value in fields.recipient(value) } ?? RecipientID("-")!
        let recipient = ResidentRequest.recipient(&fields, id: id, defaults: defaults)
        let consents = fields.objects("consents", limit: 100) { inside -> ConsentRecord? in
            guard let entry = ConsentEntry(&inside, of: id, source: .import) else { return nil }
            if let objection = entry.objection(among: defaults.purposes, at: now) {
                inside.fail(objection.code, objection.words, at: objection.member)
                return nil
            }
            return entry.record(ids, by: defaults.by, evidence: "\(defaults.file):\(row)", at: now)
        }
        try fields.finish()
        return (recipient, consents ?? [])
    }
}
