package import Domain

/// A table as spreadsheets write it: `;`, `,` or tab, quotes with doubled quotes inside, CR LF or LF, UTF-8 with or
/// without BOM, or windows-1251. Nothing is trimmed away that was inside quotes.
package struct CSVTable: Sendable, Hashable {
    package struct Row: Sendable, Hashable {
        /// Of the file, 1 for the first; a quoted cell may hold several.
        package var line: Int
        package var cells: [String]
    }
    package enum Encoding: String, Sendable { case utf8, windows1251 }

    package var encoding: Encoding
    package var separator: UInt8
    /// The first row that is not empty.
    package var header: Row
    /// Without empty ones.
    package var rows: [Row]

    /// - Throws: what makes the file as a whole unreadable.
    package init(_ bytes: [UInt8]) throws(CSVFault) {
        var (text, encoding) = try Self.decoded(bytes)
        if text.first == 0xEF, text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
        separator = Self.separator(of: text)
        self.encoding = encoding
        encoding = .utf8
        var scan = CSVScan(bytes: text, separator: separator)
        var rows: [Row] = []
        while let row = try scan.row() {
            if row.cells.contains(where: { !$0.utf8.allSatisfy { $0 == 0x20 } }) { rows.append(row) }
        }
        guard !rows.isEmpty else { throw .empty }
        header = rows.removeFirst()
        self.rows = rows
    }

    private static func decoded(_ bytes: [UInt8]) throws(CSVFault) -> ([UInt8], Encoding) {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { throw .utf16 }
        if String(validating: bytes, as: UTF8.self) != nil { return (bytes, .utf8) }
        guard let text = Windows1251.text(bytes) else { throw .unknownEncoding }
        return (Array(text.utf8), .windows1251)
    }

    /// What separates the most cells of the first line, outside of quotes.
    private static func separator(of bytes: [UInt8]) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var quoted = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { quoted.toggle() }
            if quoted { continue }
            if byte == 0x0A || byte == 0x0D, !counts.isEmpty { break }
            if [UInt8(ascii: ";"), UInt8(ascii: ","), 0x09].contains(byte) { counts[byte, default: 0] += 1 }
        }
        return [UInt8(ascii: ";"), 0x09, UInt8(ascii: ",")].max { counts[$0, default: 0] < counts[$1, default: 0] }
            .flatMap { counts[$0] == nil ? nil : $0 } ?? UInt8(ascii: ";")
    }
}

package enum CSVFault: Error, Sendable, Hashable {
    case empty, utf16, unknownEncoding
    case unclosedQuote(line: Int)
    case afterQuote(line: Int)
    case nul(line: Int)

    package var words: Words {
        switch self {
        case .empty: Words(ru: "в файле нет строк", en: "the file has no rows")
        case .utf16: Words(ru: "файл в UTF-16; сохраните как CSV UTF-8", en: "the file is UTF-16; save it as CSV UTF-8")
        case .unknownEncoding:
            Words(ru: "файл не в UTF-8 и не в windows-1251", en: "the file is neither UTF-8 nor windows-1251")
        case .unclosedQuote(let line):
            Words(ru: "строка \(line): кавычка не закрыта", en: "line \(line): a quote is not closed")
        case .afterQuote(let line):
            Words(
                ru: "строка \(line): лишнее после закрытой кавычки",
                en: "line \(line): something follows the closing quote")
        case .nul(let line): Words(ru: "строка \(line): нулевой байт", en: "line \(line): a zero byte")
        }
    }
}

/// Cuts bytes into rows and cells.
private struct CSVScan {
    let bytes: [UInt8]
    let separator: UInt8
    var at = 0
    var line = 1

    /// Nil at the end of the file.
    mutating func row() throws(CSVFault) -> CSVTable.Row? {
        guard at < bytes.count else { return nil }
        var row = CSVTable.Row(line: line, cells: [])
        while true {
            row.cells.append(try cell())
            guard at < bytes.count, bytes[at] == separator else { break }
            at += 1
        }
        skipLineEnd()
        return row
    }

    private mutating func cell() throws(CSVFault) -> String {
        let start = at
        while at < bytes.count, bytes[at] == 0x20 { at += 1 }
        if at < bytes.count, bytes[at] == UInt8(ascii: "\"") { return try quoted() }
        at = start
        while at < bytes.count, bytes[at] != separator, !isLineEnd {
            if bytes[at] == 0 { throw .nul(line: line) }
            at += 1
        }
        return trimmed(bytes[start..<at])
    }

    private mutating func quoted() throws(CSVFault) -> String {
        let opened = line
        var cell: [UInt8] = []
        at += 1
        while true {
            guard at < bytes.count else { throw .unclosedQuote(line: opened) }
            let byte = bytes[at]
            at += 1
            switch byte {
            case 0: throw .nul(line: line)
            case UInt8(ascii: "\""):
                if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
                    cell.append(byte)
                    at += 1
                    continue
                }
                while at < bytes.count, bytes[at] == 0x20 { at += 1 }
                guard at == bytes.count || bytes[at] == separator || isLineEnd else { throw .afterQuote(line: line) }
                return String(decoding: cell, as: UTF8.self).nfc
            default:
                if byte == 0x0A { line += 1 }
                cell.append(byte)
            }
        }
    }

    private var isLineEnd: Bool { bytes[at] == 0x0A || bytes[at] == 0x0D }

    private mutating func skipLineEnd() {
        guard at < bytes.count else { return }
        if bytes[at] == 0x0D {
            at += 1
            if at < bytes.count, bytes[at] == 0x0A { at += 1 }
        } else {
            at += 1
        }
        line += 1
    }

    private func trimmed(_ cell: ArraySlice<UInt8>) -> String {
        var cell = cell
        while let first = cell.first, first == 0x20 || first == 0x09 { cell.removeFirst() }
        while let last = cell.last, last == 0x20 || last == 0x09 { cell.removeLast() }
        return String(decoding: cell, as: UTF8.self).nfc
    }
}

/// The upper half of code page 1251, as Excel and 1C write it. 0x98 is not assigned.
enum Windows1251 {
    private static let upper: [Unicode.Scalar?] = {
        let head: [UInt32] = [
            0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021, 0x20AC, 0x2030, 0x0409, 0x2039, 0x040A,
            0x040C,
            0x040B, 0x040F, 0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0, 0x2122, 0x0459, 0x203A,
            0x045A, 0x045C, 0x045B, 0x045F, 0x00A0, 0x040E, 0x045E, 0x0408, 0x00A4, 0x0490, 0x00A6, 0x00A7, 0x0401,
            0x00A9,
            0x0404, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x0407, 0x00B0, 0x00B1, 0x0406, 0x0456, 0x0491, 0x00B5, 0x00B6,
            0x00B7,
            0x0451, 0x2116, 0x0454, 0x00BB, 0x0458, 0x0405, 0x0455, 0x0457,
        ]
        return (head + Array(0x0410...0x044F)).map { $0 == 0 ? nil : Unicode.Scalar($0) }
    }()

    /// Nil where a byte has no meaning.
    static func text(_ bytes: [UInt8]) -> String? {
        var text = String.UnicodeScalarView()
        for byte in bytes {
            if byte < 0x80 {
                text.append(Unicode.Scalar(byte))
            } else if let scalar = upper[Int(byte) - 0x80] {
                text.append(scalar)
            } else {
                return nil
            }
        }
        return String(text)
    }
}
