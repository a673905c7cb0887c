import Domain
import FoundationEssentials
import Intake
import Policy

/// The whole ledger for an inspector, oldest first, page by page: lines of JSON, or a table that a spreadsheet opens. It
/// holds names of residents and what proves their words, no addresses. The journal notes that it was handed out.
struct ConsentExport {
    enum Format: String, CaseIterable { case ndjson, csv }

    let reception: Reception
    let format: Format

    /// Records read at once.
    private static let page = 1000

    func answer(_ call: Call) async throws(Problem) -> Answer {
        let by = "client:" + (try call.client()).client
        try await stored { () async throws(StoreError) in
            try await reception.books.note(.ledger, by: by, at: call.now)
        }
        let (bytes, next) = try await records(after: nil)
        let pages = Pages(first: (head + bytes, next)) { [self] (after: ConsentID) throws(Problem) in
            try await records(after: after)
        }
        return Answer(200, headers: headers, body: .pages(pages))
    }

    private var headers: [(name: String, value: String)] {
        switch format {
        case .ndjson: [("content-type", "application/x-ndjson")]
        case .csv:
            [
                ("content-type", "text/csv; charset=utf-8"),
                ("content-disposition", "attachment; filename=\"consents.csv\""),
            ]
        }
    }

    private var head: [UInt8] {
        switch format {
        case .ndjson: []
        case .csv: CSVRow.mark + CSVRow.bytes(Self.columns)
        }
    }

    private func records(after: ConsentID?) async throws(Problem) -> (bytes: [UInt8], next: ConsentID?) {
        let records = try await stored { () async throws(StoreError) in
            try await reception.books.ledger(after: after, limit: Self.page)
        }
        var bytes: [UInt8] = []
        for record in records {
            switch format {
            case .ndjson: bytes += ConsentJSON.record(record).bytes + [0x0A]
            case .csv: bytes += CSVRow.bytes(Self.cells(record))
            }
        }
        return (bytes, records.count < Self.page ? nil : records.last?.id)
    }

    private static let columns = [
        "id", "recipient", "purpose", "channel", "action", "source", "evidence", "text_version", "recorded_by",
        "occurred_at", "recorded_at",
    ]

    private static func cells(_ record: ConsentRecord) -> [String] {
        [
            record.id.text, record.recipient.text, record.purpose.text, record.channel?.rawValue ?? "*",
            record.action.rawValue, record.source.rawValue, record.evidence ?? "", record.textVersion ?? "",
            record.recordedBy, record.occurredAt.ISO8601Format(), record.recordedAt.ISO8601Format(),
        ]
    }
}

/// A row for spreadsheets as they are set up here: `;` between cells, UTF-8 with its mark, CR LF.
enum CSVRow {
    static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    static func bytes(_ cells: [String]) -> [UInt8] {
        var row: [UInt8] = []
        for (place, cell) in cells.enumerated() {
            if place > 0 { row.append(UInt8(ascii: ";")) }
            append(cell, to: &row)
        }
        return row + [0x0D, 0x0A]
    }

    /// By bytes: a quote may hide behind a combining mark. A cell that a spreadsheet would take for a formula is made text.
    private static func append(_ cell: String, to row: inout [UInt8]) {
        let isFormula = cell.utf8.first.map { [0x09, 0x0D, 0x2B, 0x2D, 0x3D, 0x40].contains($0) } ?? false
        let isPlain = cell.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: ";") }
        if isPlain, !isFormula { return row += cell.utf8 }
        row.append(UInt8(ascii: "\""))
        if isFormula { row.append(UInt8(ascii: "'")) }
        for byte in cell.utf8 {
            if byte == UInt8(ascii: "\"") { row.append(byte) }
            row.append(byte)
        }
        row.append(UInt8(ascii: "\""))
    }
}
