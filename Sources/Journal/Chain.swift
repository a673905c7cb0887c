package import Domain
import Crypto

/// One row of the journal as it is stored, byte for byte: what the chain is computed from. Text columns come as their
/// bytes, so that nothing a database could hide (a NUL, a broken character) is left out.
package struct ChainRow: Sendable, Hashable {
    package var sequence: Int64
    /// Milliseconds since 1970.
    package var at: Int64
    package var message: Int64?
    package var event: [UInt8]
    package var state: [UInt8]?
    package var by: [UInt8]
    package var facts: [UInt8]
    package init(
        sequence: Int64, at: Int64, message: Int64?, event: [UInt8], state: [UInt8]?, by: [UInt8], facts: [UInt8]
    ) {
        self.sequence = sequence
        self.at = at
        self.message = message
        self.event = event
        self.state = state
        self.by = by
        self.facts = facts
    }
}

/// The hash chain of the journal, the same for every store: link(n) = SHA-256(link(n − 1), all columns of row n).
package enum Chain {
    /// What the first row follows.
    package static let origin = Array(SHA256.hash(data: Array("vestnik journal, chain 1".utf8)))

    /// 32 bytes.
    package static func link(after previous: [UInt8], _ row: ChainRow) -> [UInt8] {
        var scribe = ChainScribe()
        scribe.begin(after: previous, sequence: row.sequence, at: row.at, message: row.message)
        scribe.append(row.event)
        scribe.append(row.state)
        scribe.append(row.by)
        scribe.append(row.facts)
        return scribe.link()
    }
}

/// Computes links one after the other in the same room: the columns of a row, in the order of `ChainRow`.
package struct ChainScribe: Sendable {
    private var bytes: [UInt8] = []

    package init() { bytes.reserveCapacity(1024) }

    package mutating func begin(after previous: [UInt8], sequence: Int64, at: Int64, message: Int64?) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: previous)
        append(sequence)
        append(at)
        // Absent and empty are different, and no column can borrow bytes from its neighbour.
        append(message.map { _ in 8 } ?? -1)
        if let message { append(message) }
    }

    package mutating func append(_ column: [UInt8]?) {
        guard let column else { return append(-1) }
        append(Int64(column.count))
        bytes.append(contentsOf: column)
    }

    package mutating func append(text: String?) {
        guard var text else { return append(-1) }
        text.withUTF8 { column in
            append(Int64(column.count))
            bytes.append(contentsOf: column)
        }
    }

    /// 32 bytes.
    package func link() -> [UInt8] { bytes.withUnsafeBytes { Array(SHA256.hash(data: $0)) } }

    private mutating func append(_ number: Int64) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}

/// Follows a journal row by row and stops at the first one that does not follow. Rows are given in order of sequence.
package struct ChainWalk: Sendable {
    package private(set) var last: Int64
    package private(set) var link: [UInt8]
    /// Set once, by the first row that is wrong.
    package private(set) var breach: (row: Int64, why: Words)?

    package init(from mark: ChainMark = .origin) {
        last = mark.row
        link = mark.link
    }

    package var mark: ChainMark { ChainMark(row: last, link: link) }

    /// - Parameter stored: the link that stands beside the row that the walk begins behind; nil where there is none.
    package mutating func compare(stored: [UInt8]?) {
        guard last > 0, breach == nil, stored != link else { return }
        breach = (
            last,
            stored == nil
                ? Words(
                    ru: "записи № \(last), до которой журнал уже проверяли, больше нет",
                    en: "row \(last), up to which the journal was checked before, is gone")
                : Words(
                    ru: "запись № \(last) или одна из прежних переписана с тех пор, как её проверяли",
                    en: "row \(last), or one before it, was rewritten since it was checked")
        )
    }

    /// - Parameter link: as it is stored beside the row.
    package mutating func take(_ row: ChainRow, link stored: [UInt8]) {
        guard breach == nil else { return }
        if row.sequence != last + 1 {
            breach =
                row.sequence > last + 1
                ? (
                    last + 1,
                    Words(
                        ru: "записи № \(last + 1) нет, следующая № \(row.sequence)",
                        en: "row \(last + 1) is missing, the next one is \(row.sequence)")
                )
                : (
                    row.sequence,
                    Words(
                        ru: "запись № \(row.sequence) стоит перед первой",
                        en: "row \(row.sequence) stands before the first one")
                )
            return
        }
        let expected = Chain.link(after: link, row)
        guard expected == stored else {
            breach = (
                row.sequence,
                Words(
                    ru: "в записи № \(row.sequence) не то, что было записано",
                    en: "row \(row.sequence) is not what was written there")
            )
            return
        }
        last = row.sequence
        link = stored
    }

    /// - Parameter head: number and link of the last row as the store remembers them elsewhere.
    package mutating func end(head: (row: Int64, link: [UInt8])) -> ChainCheck {
        if breach == nil, last < head.row {
            breach = (
                last + 1,
                Words(
                    ru: "в конце нет записей № \(last + 1)–\(head.row)",
                    en: "rows \(last + 1) to \(head.row) are missing from the end")
            )
        } else if breach == nil, last > head.row {
            breach = (
                head.row + 1,
                Words(
                    ru: "запись № \(head.row + 1) добавлена после последней",
                    en: "row \(head.row + 1) was added behind the last one")
            )
        } else if breach == nil, link != head.link {
            breach = (
                last,
                Words(
                    ru: "запись № \(last) — не та, что была записана последней",
                    en: "row \(last) is not the one that was written last")
            )
        }
        return check(rows: max(head.row, last), isComplete: true)
    }

    /// Not at the end yet; what was walked holds, or is broken where the walk says.
    package func pause(rows: Int64) -> ChainCheck { check(rows: rows, isComplete: breach != nil) }

    private func check(rows: Int64, isComplete: Bool) -> ChainCheck {
        let report: ChainReport =
            if let breach { .broken(row: breach.row, rows: rows, why: breach.why) } else { .intact(rows: last) }
        return ChainCheck(report: report, mark: mark, rows: rows, isComplete: isComplete)
    }
}
