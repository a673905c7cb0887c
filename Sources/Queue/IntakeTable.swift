package import Domain

/// Where programs beside us put requests by SQL: rows wait there until they have an ending. Strangers write into it, so
/// nothing in a row is believed, and the table may be locked or broken while all else works.
package protocol IntakeTable: Sendable {
    /// Tells this table from every other one, for keys made of row numbers.
    var identity: String { get }
    /// Rows without an ending with an id greater than `after`, in order of id.
    /// - Parameter limit: at most so many; fewer where they are large.
    func pending(after: Int64, limit: Int) async throws(StoreError) -> IntakePage
    /// All or nothing. A row that has its ending already keeps it.
    func settle(_ endings: [IntakeSettling], at now: Moment) async throws(StoreError)
}

package struct IntakePage: Sendable, Hashable {
    package var rows: [IntakeRow]
    /// Nothing waited behind these.
    package var isLast: Bool
    package init(rows: [IntakeRow], isLast: Bool) {
        self.rows = rows
        self.isLast = isLast
    }
}

/// One row as it was found: bytes, not text.
package struct IntakeRow: Sendable, Hashable {
    package let id: Int64
    package let client: [UInt8]
    /// Nil when there is none.
    package let idempotencyKey: [UInt8]?
    /// The JSON of `POST /v1/messages`; nil: longer than `limit`, not read.
    package let request: [UInt8]?
    /// Bytes, as for a request over HTTP.
    package static let limit = 256 << 10

    package init(id: Int64, client: [UInt8], idempotencyKey: [UInt8]?, request: [UInt8]?) {
        self.id = id
        self.client = client
        self.idempotencyKey = idempotencyKey
        self.request = request
    }
}

package enum IntakeEnding: Sendable, Hashable {
    case message(MessageID)
    /// Problem JSON; the row keeps it.
    case refused(problem: String)
}

package struct IntakeSettling: Sendable, Hashable {
    package let row: Int64
    package let ending: IntakeEnding
    package init(row: Int64, ending: IntakeEnding) {
        self.row = row
        self.ending = ending
    }
}
