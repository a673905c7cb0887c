import API
import Domain
import Intake
import ServiceLifecycle
import StoreSQLite
import Synchronization

/// Why nothing can be taken in at present. Looked at once a second, and not by each request; what happens in between, a
/// commit that fails says itself.
final class Obstacles: Service {
    private let store: SQLiteStore
    private let folder: String
    private let limit: Int
    private let found = Mutex<Problem?>(nil)

    /// - Parameters:
    ///   - folder: of the database.
    ///   - limit: messages that may wait.
    init(store: SQLiteStore, folder: String, limit: Int) {
        self.store = store
        self.folder = folder
        self.limit = limit
    }

    var present: Problem? { found.withLock { $0 } }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let problem = await self.look()
                self.found.withLock { $0 = problem }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func look() async -> Problem? {
        if let trouble = store.health { return Problem(trouble) }
        let disk = Disk(of: folder)
        if disk.isReadOnly { return Problem(StoreError(.unreachable, "read-only")) }
        if let free = disk.free, free < Disk.least { return Problem(StoreError(.full, "no space")) }
        do throws(StoreError) {
            return try await store.queued(upTo: limit) < limit ? nil : .queueIsFull(limit)
        } catch {
            return Problem(error)
        }
    }
}

extension Problem {
    fileprivate static func queueIsFull(_ limit: Int) -> Problem {
        Problem(
            .queueFull,
            Words(
                ru: "в очереди уже \(limit) сообщений (api.queue_limit): не принято ничего, повторите позже",
                en: "\(limit) messages wait already (api.queue_limit): nothing was taken, repeat later"))
    }
}
