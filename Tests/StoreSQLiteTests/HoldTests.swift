import Domain
import Foundation
import GRDB
import GatewayTesting
import Journal
import Queue
import Testing

@testable import StoreSQLite

/// A database that may be a copy of another day is recognised, and one that is not is left in peace.
struct HoldTests {
    private static let known = Place(device: 1, inode: 10, session: 5, journal: 100)

    struct Row: Sendable, CustomTestStringConvertible {
        let label: String
        var now: Place
        var known: Place? = HoldTests.known
        let doubt: Hold.Reason?
        var testDescription: String { label }
    }

    static let rows = [
        Row(label: "as it was left", now: known, doubt: nil),
        Row(label: "killed later on", now: Place(device: 1, inode: 10, session: 6, journal: 150), doubt: nil),
        Row(
            label: "the disk has another number", now: Place(device: 2, inode: 10, session: 5, journal: 100), doubt: nil
        ),
        Row(label: "fewer journal lines", now: Place(device: 1, inode: 10, session: 5, journal: 99), doubt: .behind),
        Row(label: "an earlier session", now: Place(device: 1, inode: 10, session: 4, journal: 100), doubt: .behind),
        Row(label: "another file", now: Place(device: 1, inode: 11, session: 5, journal: 100), doubt: .moved),
        Row(label: "another file and older", now: Place(device: 1, inode: 11, session: 1, journal: 9), doubt: .behind),
        Row(label: "nothing beside it", now: known, known: nil, doubt: .placeMissing),
        Row(label: "a new database", now: Place(device: 1, inode: 11, session: 0, journal: 0), doubt: nil),
        Row(
            label: "a new database with nothing beside it", now: Place(device: 1, inode: 11, session: 0, journal: 0),
            known: nil, doubt: nil),
    ]
    @Test(arguments: rows) func whatRaisesDoubt(row: Row) {
        #expect(Place.doubt(about: row.now, known: row.known)?.reason == row.doubt)
    }

    private func open(_ path: String) throws -> SQLiteStore { try SQLiteStore.open(path, holder: "test", at: .noon) }

    /// As a SIGKILL leaves them: copied while the owner runs.
    private func copy(_ folder: Folder, to other: Folder, _ files: String...) throws {
        for file in files {
            try FileManager.default.copyItem(atPath: folder.database + file, toPath: other.database + file)
        }
    }

    @Test func restartsOfEveryKindAreNotHeld() async throws {
        let folder = try Folder()
        for round in 0..<3 {
            let store = try open(folder.database)
            #expect(try await store.hold() == nil, "round \(round)")
            _ = try await store.enqueue([.sample(.sample(id: Int64(round + 1)))], at: .noon)
            store.close()
        }
        #expect(try folder.mode(folder.database + ".place") == 0o600)
        #expect(try await open(folder.database).verify { _, _ in } == .intact(rows: 3))
    }

    /// The place was written at the start and the process died: what stands beside the file is older than the file.
    @Test func aPlaceThatIsBehindRaisesNoDoubt() async throws {
        let folder = try Folder()
        let store = try open(folder.database)
        _ = try await store.enqueue([.sample(.sample())], at: .noon)
        let place = FileManager.default.contents(atPath: folder.database + ".place")
        store.close()
        try #require(place).write(to: URL(filePath: folder.database + ".place"))
        #expect(try await open(folder.database).hold() == nil)
    }

    @Test func aDeathRightAfterTheVeryFirstStartIsNotHeld() async throws {
        let folder = try Folder()
        try open(folder.database).close()
        // The session is in the file, the note of it is not.
        try Place(of: folder.database, session: 0, journal: 0).write(beside: folder.database)
        #expect(try await open(folder.database).hold() == nil)
    }

    @Test func anUpgradeIsNotHeld() async throws {
        let folder = try Folder()
        try folder.stranger(folder.database) { db in
            let old = Migrations(
                application: Migrations.gateway.application, steps: Array(Migrations.gateway.steps.prefix(2)))
            try old.apply(db)
            try db.execute(sql: "INSERT INTO sessions (pid, holder) VALUES (1, 'an earlier version')")
        }
        #expect(try await open(folder.database).hold() == nil)
    }

    @Test func aRawCopyIsHeldUntilReleasedAndNoLonger() async throws {
        let folder = try Folder(), other = try Folder()
        let store = try open(folder.database)
        _ = try await store.enqueue([.sample(.sample())], at: .noon)
        try copy(folder, to: other, "", "-wal")
        var held = try open(other.database)
        #expect(try await held.hold()?.reason == .placeMissing)
        held.close()
        // Opened once more, it is what it was: not its own alibi.
        held = try open(other.database)
        #expect(try await held.hold()?.reason == .placeMissing)
        #expect(
            try await held.hold(.operator, by: "op", at: .noon).reason == .placeMissing, "a pause covers nothing up")
        #expect(try await held.backlog().map(\.count) == [1])

        #expect(try await held.release(by: "op", at: .noon)?.reason == .placeMissing)
        #expect(try await held.release(by: "op", at: .noon) == nil)
        #expect(try await held.entries(after: 1, limit: 9).map(\.event) == ["held", "released"])
        #expect(try await held.entries(after: 1, limit: 9).map(\.by) == ["gateway", "op"])
        held.close()
        #expect(try await open(other.database).hold() == nil)
    }

    @Test func aReaderSeesTheDoubtBeforeAnybodyStarts() async throws {
        let folder = try Folder(), other = try Folder()
        let store = try open(folder.database)
        _ = try await store.enqueue([.sample(.sample(id: 1)), .sample(.sample(id: 2))], at: .noon)
        #expect(try await SQLiteStore.openReadOnly(folder.database).doubt() == nil, "beside its owner")
        store.close()
        #expect(try await SQLiteStore.openReadOnly(folder.database).doubt() == nil, "after its owner")
        try copy(folder, to: other, "")
        let reader = try SQLiteStore.openReadOnly(other.database)
        #expect(try await reader.doubt()?.reason == .placeMissing)
        #expect(try await reader.hold() == nil, "looking writes nothing")
        let first = try await reader.queued(after: nil, limit: 1)
        #expect(first.messages.map(\.message.id.raw) == [1] && first.messages.map(\.line) == [.sms])
        let second = try await reader.queued(after: first.last, limit: 5)
        #expect(second.messages.map(\.message.id.raw) == [2] && second.last == nil)
    }

    @Test func aCopyWithItsPlaceIsAnotherFile() async throws {
        let folder = try Folder(), other = try Folder()
        try open(folder.database).close()
        try copy(folder, to: other, "", ".place")
        let hold = try await open(other.database).hold()
        #expect(hold?.reason == .moved && hold?.detail?.contains("inode") == true)
    }

    @Test func anOlderCopyPutBackIsBehind() async throws {
        let folder = try Folder(), other = try Folder()
        try open(folder.database).close()
        try copy(folder, to: other, "")
        let store = try open(folder.database)
        _ = try await store.enqueue([.sample(.sample())], at: .noon)
        store.close()
        // Written into the same file: the inode says nothing.
        let old = try #require(FileManager.default.contents(atPath: other.database))
        let handle = try #require(FileHandle(forWritingAtPath: folder.database))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: old)
        try handle.close()
        #expect(try await open(folder.database).hold()?.reason == .behind)
    }

    @Test func aBackupIsWholeClosedAndMarked() async throws {
        let folder = try Folder(), other = try Folder()
        let store = try open(folder.database)
        _ = try await store.enqueue((1...50).map { .sample(.sample(id: $0)) }, at: .noon)
        try await store.backup(to: other.database, by: "op", at: .noon)
        #expect(try folder.mode(other.database) == 0o600)
        #expect(await failure { try await store.backup(to: other.database, by: "op", at: .noon) } != nil)
        #expect(!FileManager.default.fileExists(atPath: other.database + ".part"))
        #expect(try await store.entries(after: 50, limit: 9).map(\.event) == ["backup"])

        let looked = try SQLiteStore.openReadOnly(other.database)
        #expect(try await looked.hold()?.reason == .backup)
        #expect(try await looked.damages().isEmpty)
        looked.close()
        let copy = try open(other.database)
        #expect(try await copy.hold()?.reason == .backup)
        #expect(try await copy.stats(at: .noon).states == [.queued: 50])
        #expect(try await copy.verify { _, _ in } == .intact(rows: 50))
        #expect(try await store.hold() == nil, "the original goes on")
    }

    @Test func aPauseByHandSurvivesARestart() async throws {
        let folder = try Folder()
        var store = try open(folder.database)
        #expect(try await store.hold(.operator, by: "cli:anna", at: .noon).by == "cli:anna")
        store.close()
        store = try open(folder.database)
        #expect(try await store.hold() == Hold(reason: .operator, since: .noon, by: "cli:anna"))
        #expect(try await store.verify { _, _ in } == .intact(rows: 1))
    }

    @Test func aWorkerDoesNotEndAPersonsPause() async throws {
        let folder = try Folder()
        let store = try open(folder.database)
        let paused = ProviderState(provider: .sample, pausedUntil: .distantFuture, reason: "operator", since: .noon)
        try await store.record(paused, by: "cli:anna", at: .noon)
        let rest = ProviderState(
            provider: .sample, pausedUntil: .noon.addingTimeInterval(20), reason: "throttled", since: .noon)
        try await store.record(rest, by: "worker", at: .noon)
        #expect(try await store.providerStates() == [paused])
        #expect(try await store.providerVoices() == [.sample: "cli:anna"])
        try await store.record(ProviderState(provider: .sample, since: .noon), by: "cli:boris", at: .noon)
        try await store.record(rest, by: "worker", at: .noon)
        #expect(try await store.providerStates() == [rest])
    }
}
