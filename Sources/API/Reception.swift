package import Domain
import FoundationEssentials
package import Intake
package import Journal
package import Policy
package import Queue

/// Everything that the handlers work with, put together once by the executable: ports, clock and the rules of the present
/// moment. Nothing here knows of HTTP.
package struct Reception: Sendable {
    package var doorkeeper: any Doorkeeper
    package var queue: any BatchQueue
    package var books: any FactBook & PeopleBook
    package var journal: any JournalReader
    /// Purposes, templates and house rules as they stand now; they change while the gateway runs.
    package var rules: @Sendable () -> Rules
    package var now: @Sendable () -> Moment
    package var ids: IDSource
    /// Wakes the worker after something was queued.
    package var wake: @Sendable () -> Void
    /// Why nothing can be taken in at present; nil when all is well.
    package var obstacle: @Sendable () -> Problem?
    /// For the log: a refusal and the id under which the caller knows it.
    package var refused: @Sendable (Problem, _ requestID: String) -> Void
    package var language: Language
    /// Whether `POST /v1/messages` may come without an idempotency key.
    package var keysAreOptional = true

    package init(
        doorkeeper: any Doorkeeper, queue: any BatchQueue, books: any FactBook & PeopleBook,
        journal: any JournalReader, rules: @escaping @Sendable () -> Rules, now: @escaping @Sendable () -> Moment,
        ids: IDSource, wake: @escaping @Sendable () -> Void = {},
        obstacle: @escaping @Sendable () -> Problem? = { nil },
        refused: @escaping @Sendable (Problem, String) -> Void = { _, _ in }, language: Language = .ru
    ) {
        self.doorkeeper = doorkeeper
        self.queue = queue
        self.books = books
        self.journal = journal
        self.rules = rules
        self.now = now
        self.ids = ids
        self.wake = wake
        self.obstacle = obstacle
        self.refused = refused
        self.language = language
    }

    /// What purposes, templates and the house say at one moment.
    package struct Rules: Sendable {
        package var accept: Accept
        package var purposes: [PurposeID: Purpose]
        package var house: HouseRules
        /// The configured accounts of each channel, by name.
        package var accounts: [Channel: [ProviderID]]
        package init(
            accept: Accept, purposes: [PurposeID: Purpose], house: HouseRules,
            accounts: [Channel: [ProviderID]]
        ) {
            self.accounts = accounts
            self.accept = accept
            self.purposes = purposes
            self.house = house
        }
    }

    /// `req_…`, in the order in which requests came.
    func requestID(at now: Moment) -> String { ids.next(RequestKind.self, at: now.wall).text }

    /// Before messages are stored.
    /// - Returns: false where they would pass the daily cap of the key; then nothing was counted.
    func charge(_ messages: Int, to caller: Caller, at now: Moment) async throws(Problem) -> Bool {
        try await stored { () async throws(StoreError) in try await doorkeeper.charge(messages, to: caller, at: now) }
    }
}

private enum RequestKind: Identified { static let prefix = "req_" }

/// What the store throws, as the caller hears it.
package func stored<Value>(_ body: () async throws(StoreError) -> Value) async throws(Problem) -> Value {
    do throws(StoreError) { return try await body() } catch { throw Problem(error) }
}

extension Problem {
    /// Never the library's own words: they may hold a path.
    package init(_ error: StoreError) {
        switch error.kind {
        case .full:
            self.init(
                .storageFull,
                Words(
                    ru: "на диске нет места: ничего не принято и ничего не потеряно, повторите позже",
                    en: "the disk is full: nothing was taken and nothing is lost, repeat later"))
        case .busy, .unreachable:
            self.init(
                .storageFull,
                Words(
                    ru: "база сейчас не отвечает: ничего не принято, повторите позже",
                    en: "the database does not answer now: nothing was taken, repeat later"))
        case .corrupt, .broken:
            self.init(
                .internal,
                Words(
                    ru: "внутренняя ошибка; назовите администратору request_id",
                    en: "an internal error; tell the administrator the request_id"))
        }
    }
}
