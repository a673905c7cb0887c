import Domain
import Foundation
import GRDB
import GatewayTesting
import Journal
import Policy
import Queue
import Testing

@testable import StoreSQLite

@Suite struct WriterTests {
    @Test func callersShareCommits() async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        let before = store.commits
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in 1...400 {
                group.addTask { _ = try await store.enqueue([.sample(.sample(id: Int64(id)))], at: .noon) }
            }
            try await group.waitForAll()
        }
        #expect((1...200).contains(store.commits - before), "\(store.commits - before) commits for 400 calls")
        #expect(try await store.stats(at: .noon).states == [.queued: 400])
        #expect(try await store.verify { _, _ in } == .intact(rows: 400))
    }

    @Test func aBadItemFailsAlone() async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        _ = try await store.enqueue([.sample(.sample(id: 1))], at: .noon)
        let failures = await withTaskGroup(of: Int.self) { group in
            for id in 1...100 {
                group.addTask {
                    // Every fourth uses an id that is taken; its good half must not stay either.
                    let taken = id % 4 == 0
                    let items: [Enqueue] = [
                        .sample(.sample(id: Int64(1000 + id))), .sample(.sample(id: taken ? 1 : Int64(2000 + id))),
                    ]
                    return await failure { _ = try await store.enqueue(items, at: .noon) }?.kind == .broken ? 1 : 0
                }
            }
            return await group.reduce(0, +)
        }
        #expect(failures == 25)
        #expect(try await store.stats(at: .noon).states == [.queued: 151])
        #expect(try await store.verify { _, _ in } == .intact(rows: 151))
        #expect(store.health == nil)
    }

    /// A claim alone does not wait for the disk; whatever comes after it does.
    @Test func afterAClaimTheConnectionSyncsAgain() async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        let short = Message.sample(id: 1, expiresAt: .noon.addingTimeInterval(10))
        _ = try await store.enqueue([.sample(short), .sample(.sample(id: 2))], at: .noon)
        let later = Moment.noon.advanced(by: .seconds(10))
        let turn = try await store.turn(TurnRequest(wanted: [Wanted(.sms, limit: 10)]), at: later)
        #expect(turn.claims.map(\.message.id.raw) == [2])
        #expect(turn.happened.map(\.event) == [.expiryPassed], "news, met on the way")
        #expect(try await store.durability().isSafe)
        #expect(try await store.turn(TurnRequest(wanted: [Wanted(.sms, limit: 10)]), at: later).claims.isEmpty)
        #expect(try await store.durability().isSafe)
        #expect(try await store.verify { _, _ in } == .intact(rows: 3))
    }

    @Test func afterAFullDiskNothingStartsUntilBytesAreTakenAgain() async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        _ = try await store.enqueue([.sample(.sample(id: 1))], at: .noon)
        let claim = try #require(
            try await store.turn(TurnRequest(wanted: [Wanted(.sms, limit: 1)]), at: .noon).claims.first)

        try await store.pool.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        let big = Message.sample(id: 2, variables: ["text": .text(String(repeating: "x", count: 200_000))])
        #expect(await failure { _ = try await store.enqueue([.sample(big)], at: .noon) }?.kind == .full)
        #expect(store.health?.kind == .full)
        // It would be small enough for the last free page, and yet nothing may start.
        let begin = TurnRequest(beginning: [claim.beginning()])
        #expect(await failure { _ = try await store.turn(begin, at: .noon) }?.kind == .full)
        #expect(try await store.timeline(of: MessageID(raw: 1)).map(\.event) == ["accepted"])
        #expect(try await store.message(MessageID(raw: 2)) == nil)

        try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        #expect(try await store.turn(begin, at: .noon).begun == [claim.token])
        #expect(store.health == nil)
        #expect(try await store.enqueue([.sample(big)], at: .noon) == [.new(big.id)])
        #expect(try await store.damages().isEmpty)
        #expect(try await store.verify { _, _ in } == .intact(rows: 3))
    }

    @Test func aLockedFileIsBusyAndNotBroken() async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: folder.database, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        let error = await failure { _ = try await store.enqueue([.sample(.sample())], at: .noon) }
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(error?.kind == .busy)
        #expect(store.health?.kind == .busy, "while it lasts nothing can be recorded")
        #expect(try await store.enqueue([.sample(.sample())], at: .noon) == [.new(MessageID(raw: 1))])
        #expect(store.health == nil)
    }

    /// The files as a SIGKILL leaves them: nothing closed, the log not yet moved into the database.
    @Test func whatAKilledProcessLeavesBehindIsComplete() async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        _ = try await store.enqueue((1...50).map { .sample(.sample(id: $0)) }, at: .noon)
        let claims = try await store.turn(TurnRequest(wanted: [Wanted(.sms, limit: 10)]), at: .noon).claims
        let begun = TurnRequest(finished: [claims[0].accepted()], beginning: [claims[1].beginning()])
        _ = try await store.turn(begun, at: .noon)

        let grave = try Folder()
        for file in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: folder.database + file, toPath: grave.database + file)
        }
        let next = try SQLiteStore.open(grave.database, holder: "next", at: .noon)
        let happenings = try await next.recover(Aftercare(), at: .noon)
        #expect(happenings.map(\.event) == [.answerLost] + Array(repeating: .leaseLost, count: 8))
        #expect(try await next.stats(at: .noon).states == [.queued: 48, .sent: 1, .unconfirmed: 1])
        // One more: the copy has no place beside it and says so.
        #expect(try await next.verify { _, _ in } == .intact(rows: 52 + 1 + 9))
        #expect(try await next.damages().isEmpty)
        #expect(
            try await next.turn(TurnRequest(wanted: [Wanted(.sms, limit: 100)]), at: .noon).claims.allSatisfy {
                $0.token > claims[9].token
            })
    }

    static let forbidden = [
        "UPDATE messages SET client = 'x'", "DELETE FROM messages", "UPDATE attempts SET receipt = 'x'",
        "DELETE FROM attempts", "UPDATE consents SET action = 'granted'", "DELETE FROM consents",
        "UPDATE journal SET by = 'x'", "DELETE FROM journal", "UPDATE OR REPLACE journal SET sequence = 1",
        "INSERT OR REPLACE INTO journal SELECT * FROM journal LIMIT 1",
        "INSERT OR REPLACE INTO consents SELECT * FROM consents LIMIT 1",
    ]
    @Test(arguments: forbidden) func historyIsOnlyAppended(_ statement: String) async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        _ = try await store.enqueue([.sample(.sample())], at: .noon)
        let claim = try #require(
            try await store.turn(TurnRequest(wanted: [Wanted(.sms, limit: 1)]), at: .noon).claims.first)
        _ = try await store.turn(TurnRequest(finished: [claim.accepted()]), at: .noon)
        try await store.record([.sample(1, of: "ls:1", .withdrawn)], at: .noon)
        store.close()
        #expect {
            try folder.stranger(folder.database) { try $0.execute(sql: statement) }
        } throws: { error in
            (error as? DatabaseError)?.message?.contains("only appended") == true
        }
    }
}
