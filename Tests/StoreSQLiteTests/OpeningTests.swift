import Domain
import Foundation
import GRDB
import GatewayTesting
import Journal
import Policy
import Queue
import Testing

@testable import StoreSQLite

@Suite struct OpeningTests {
    @Test func commitsAreOnTheDiskBeforeAnybodyHears() async throws {
        let folder = try Folder()
        for _ in 1...2 {
            let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
            let durability = try await store.durability()
            #expect(durability.synchronous == 2 && durability.journalMode == "wal" && durability.isSafe)
            #expect(durability.sqlite.hasPrefix("3."))
            #expect(try await store.damages().isEmpty)
            store.close()
        }
    }

    @Test func nobodyElseMayReadTheFiles() async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        _ = try await store.enqueue([.sample(.sample())], at: .noon)
        for file in ["", "-wal", "-shm", ".lock"] {
            #expect(try folder.mode(folder.database + file) == 0o600, "\(file)")
        }
    }

    @Test func aSecondOwnerIsRefusedByName() async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "vestnik serve\n--config x", at: .noon)
        let error = await failure { _ = try SQLiteStore.open(folder.database, holder: "second", at: .noon) }
        #expect(error?.kind == .busy)
        #expect(
            error?.detail.contains("vestnik serve --config x (pid \(getpid()), since 2026-11-24T09:00:00Z)") == true)
        store.close()
        #expect(await failure { try SQLiteStore.open(folder.database, holder: "second", at: .noon).close() } == nil)
    }

    @Test func aSecondProcessIsRefusedUntilItDies() async throws {
        let folder = try Folder()
        let lock = folder.database + ".lock"
        try Data("pid 4242\nholder vestnik worker\nsince 2026-11-24T09:00:00Z\n".utf8).write(to: URL(filePath: lock))
        let owner = Process()
        owner.executableURL = URL(filePath: "/usr/bin/env")
        owner.arguments = ["flock", "--exclusive", "--no-fork", lock, "sh", "-c", "echo held; exec cat"]
        let input = Pipe()
        let output = Pipe()
        owner.standardInput = input
        owner.standardOutput = output
        try owner.run()
        #expect(output.fileHandleForReading.availableData == Data("held\n".utf8))

        let error = await failure { _ = try SQLiteStore.open(folder.database, holder: "second", at: .noon) }
        #expect(error?.kind == .busy)
        #expect(error?.detail.contains("vestnik worker (pid 4242, since 2026-11-24T09:00:00Z)") == true)
        #expect(!FileManager.default.fileExists(atPath: folder.database), "not even created")

        kill(owner.processIdentifier, SIGKILL)
        owner.waitUntilExit()
        #expect(await failure { try SQLiteStore.open(folder.database, holder: "second", at: .noon).close() } == nil)
    }

    @Test func anotherProgramsDatabaseIsNotTouched() async throws {
        let folder = try Folder()
        try folder.stranger(folder.database) { db in try db.execute(sql: "CREATE TABLE theirs (x)") }
        let before = try Data(contentsOf: URL(filePath: folder.database))
        let error = await failure { _ = try SQLiteStore.open(folder.database, holder: "test", at: .noon) }
        #expect(error?.kind == .corrupt && error?.detail.contains("another program") == true)
        #expect(try Data(contentsOf: URL(filePath: folder.database)) == before)
    }

    @Test func anIntakeFileIsNotTheGatewaysFile() async throws {
        let folder = try Folder()
        try IntakeFile.open(folder.intake).close()
        #expect(await failure { _ = try SQLiteStore.open(folder.intake, holder: "test", at: .noon) }?.kind == .corrupt)
    }

    @Test func whatIsNoDatabaseIsNotOverwritten() async throws {
        let folder = try Folder()
        let notes = Data("dear diary, this is not a database at all".utf8)
        try notes.write(to: URL(filePath: folder.database))
        let error = await failure { _ = try SQLiteStore.open(folder.database, holder: "test", at: .noon) }
        #expect(error?.kind == .corrupt && error?.detail.contains("not an SQLite database") == true)
        #expect(try Data(contentsOf: URL(filePath: folder.database)) == notes)
    }

    /// Where the header ends, in the middle of it, and behind it in the table of tables.
    @Test(arguments: [16, 40, 104]) func aDamagedFileIsCalledDamaged(_ offset: UInt64) async throws {
        let folder = try Folder()
        try SQLiteStore.open(folder.database, holder: "test", at: .noon).close()
        let file = try FileHandle(forWritingTo: URL(filePath: folder.database))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(repeating: 0x5A, count: 3900))
        try file.close()
        let error = await failure { _ = try SQLiteStore.open(folder.database, holder: "test", at: .noon) }
        #expect(error?.kind == .corrupt, "\(String(describing: error))")
    }

    @Test func aNewerFileAsksForAnUpgrade() async throws {
        let folder = try Folder()
        try SQLiteStore.open(folder.database, holder: "test", at: .noon).close()
        try folder.stranger(folder.database) { db in try db.execute(sql: "PRAGMA user_version = 9999") }
        for open in [{ try SQLiteStore.open($0, holder: "test", at: .noon) }, { try SQLiteStore.openReadOnly($0) }] {
            let error = await failure { _ = try open(folder.database) }
            #expect(error?.kind == .corrupt && error?.detail.contains("newer version (schema 9999") == true)
        }
    }

    /// A file of schema 1, whose suppressions stand as they were typed.
    @Test func olderSuppressionsAreFolded() async throws {
        let folder = try Folder()
        try folder.stranger(folder.database) { db in
            try Migrations(
                application: Migrations.gateway.application, steps: Array(Migrations.gateway.steps.prefix(1))
            ).apply(db)
            try db.execute(
                sql: """
                    INSERT INTO suppressions VALUES
                        ('email', 'Anna@example.ru', 'opted_out', 1000, NULL, 'asked'),
                        ('email', 'anna@example.ru', 'hard_bounce', 2000, 9000, NULL),
                        ('email', 'Boris@example.ru', 'manual', 3000, 9000, NULL),
                        ('push', 'Token', 'manual', 4000, NULL, NULL)
                    """)
        }
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        let list = try await store.suppressions(limit: 10)
        let shown = list.map { "\($0.destination.channel) \($0.destination.address.exposed) \($0.reason)" }
        #expect(
            shown == [
                "push Token manual", "email boris@example.ru manual", "email anna@example.ru optedOut",
            ])
        #expect(list.last?.until == nil && list.last?.detail == "asked")
        // Each has a name of its own by now, in the same order.
        let named = try await store.suppressions(limit: 10, before: nil)
        #expect(named.map(\.suppression) == list && Set(named.map(\.id)).count == 3)
        let fresh = try await store.list(
            Suppression(destination: .sms(), reason: .manual, since: .noon), by: "test", at: .noon)
        #expect(fresh.line.id > named[0].id)
    }

    @Test func pathsThatCannotWorkSayWhy() async throws {
        let folder = try Folder()
        let rows: [(String, StoreError.Kind, String)] = [
            (folder.path + "/missing/vestnik.db", .unreachable, "folder"),
            (folder.path, .unreachable, "is a folder"),
            ("/sys/vestnik.db", .full, "lock file"),
        ]
        for (path, kind, words) in rows {
            let error = await failure { _ = try SQLiteStore.open(path, holder: "test", at: .noon) }
            #expect(
                error?.kind == kind && error?.detail.contains(words) == true, "\(path): \(String(describing: error))")
        }
        #expect(await failure { _ = try SQLiteStore.openReadOnly(folder.database) }?.kind == .unreachable)
    }

    @Test func aReaderBesideTheOwnerSeesAndCannotWrite() async throws {
        let folder = try Folder()
        let owner = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        let reader = try SQLiteStore.openReadOnly(folder.database)
        _ = try await owner.enqueue([.sample(.sample())], at: .noon)
        #expect(try await reader.message(MessageID(raw: 1))?.state == .queued)
        #expect(try await reader.durability().journalMode == "wal")
        #expect(await failure { _ = try await reader.enqueue([.sample(.sample(id: 2))], at: .noon) } != nil)
        #expect(
            await failure { _ = try await reader.turn(TurnRequest(wanted: [Wanted(.sms, limit: 1)]), at: .noon) } != nil
        )
        reader.close()
        owner.close()
        let alone = try SQLiteStore.openReadOnly(folder.database)
        #expect(try await alone.message(MessageID(raw: 2)) == nil)
        #expect(try await alone.message(MessageID(raw: 1))?.state == .queued)
    }

    @Test func aClosedStoreRefuses() async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        store.close()
        #expect(await failure { _ = try await store.enqueue([.sample(.sample())], at: .noon) }?.kind == .unreachable)
        #expect(await failure { _ = try await store.message(MessageID(raw: 1)) } != nil)
    }

    @Test func idsGoOnAfterTheLastOne() async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        #expect(try await store.lastMessageID() == 0)
        _ = try await store.enqueue([.sample(.sample(id: 41)), .sample(.sample(id: 7))], at: .noon)
        try await store.record([.sample(12, of: "ls:1", .granted)], at: .noon)
        #expect(try await store.lastMessageID() == 41)
        #expect(try await store.lastConsentID() == 12)
    }

    static let versions: [(String, Bool)] = [
        ("3.6.23", false), ("3.7.0", true), ("3.40.1", true), ("3.44.5", true), ("3.44.6", false), ("3.50.6", true),
        ("3.50.7", false), ("3.51.2", true), ("3.51.3", false), ("3.52.0", false), ("4.0.0", false), ("", false),
    ]
    @Test(arguments: versions) func walResetBug(_ version: String, _ expected: Bool) {
        #expect(Durability.hasWALResetBug(version) == expected)
    }

    /// The power goes in the very first start: a half-written first page, and the journal that would take it back.
    @Test func aFirstStartThatWasBrokenOffIsTakenBack() async throws {
        let broken = try Folder(), folder = try Folder()
        let queue = try DatabaseQueue(path: broken.database)
        try queue.inDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE; CREATE TABLE t (b)")
            for _ in 0..<50 { try db.execute(sql: "INSERT INTO t VALUES (randomblob(4000))") }
            for file in ["", "-journal"] {
                try FileManager.default.copyItem(atPath: broken.database + file, toPath: folder.database + file)
            }
            try db.execute(sql: "ROLLBACK")
        }
        #expect(FileManager.default.fileExists(atPath: folder.database + "-journal"))
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        #expect(try await store.enqueue([.sample(.sample())], at: .noon) == [.new(MessageID(raw: 1))])
        store.close()
    }
}
