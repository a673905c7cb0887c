package import FoundationEssentials

/// The whole queue stands still until a person says go on: nothing is claimed, nothing begins, commands are accepted.
package struct Hold: Sendable, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        /// A person stopped it.
        case `operator`
        /// The database is a copy that `db backup` made.
        case backup
        /// The file beside the database has seen later days: an older copy was put back.
        case behind
        /// Another file than the one that was used here before: it was copied or moved.
        case moved
        /// The database was used before, and nothing beside it says where.
        case placeMissing = "place_missing"

        /// Whether what is queued may have been sent already.
        package var doubtsTheFile: Bool {
            switch self {
            case .operator: false
            case .backup, .behind, .moved, .placeMissing: true
            }
        }
    }
    package var reason: Reason
    package var since: Date
    package var by: String
    /// The figures that gave it away: `journal 120, was 400`.
    package var detail: String?
    package init(reason: Reason, since: Date, by: String, detail: String? = nil) {
        self.reason = reason
        self.since = since
        self.by = by
        self.detail = detail
    }
}
