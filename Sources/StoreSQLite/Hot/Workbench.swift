import Counting
import Domain
import GRDB
import Journal

/// What the writing connection keeps from one transaction to the next. Touched on the writer's queue only.
final class Workbench {
    let statements: HotStatements
    /// Where the messages stand that this process has claimed, as their rows in `inflight` say: to begin and to settle
    /// one needs no look at the file. What is missing here is read there.
    ///
    /// All changes of that table pass `Transaction`, which keeps both alike; a transaction that is rolled back takes this
    /// whole memory with it.
    var leases: [MessageID: Standpoint] = [:]
    /// The present transaction has a line in the journal.
    var wroteJournal = false
    /// What the present transaction is counted as, once it is committed.
    var news: [Tally.Item] = []
    /// Kept for their room.
    var facts = FactWriter()
    var scribe = ChainScribe()

    /// For the lines of the suppression list.
    let suppressionIDs: IDSource

    init(_ db: Database) throws {
        statements = try HotStatements(db)
        suppressionIDs = IDSource(after: try db.number("SELECT max(id) FROM suppressions") ?? 0)
    }
}
