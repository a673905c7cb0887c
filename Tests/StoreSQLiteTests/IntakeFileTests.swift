import Domain
import Foundation
import GatewayTesting
import GRDB
import Queue
import StoreSQLite
import Testing

@Suite struct IntakeFileTests {
    @Test func aStrangersRowsComeOutInOrderAndEndOnce() async throws {
        let folder = try Folder()
        let intake = try IntakeFile.open(folder.intake)
        try folder.stranger(folder.intake) { db in
            for number in 1...3 {
                try db.execute(
                    sql: "INSERT INTO intake (client, idempotency_key, request) VALUES ('billing', ?, ?)",
                    arguments: [number == 2 ? nil : "счёт-\(number)", "{\"n\":\(number)}"])
            }
        }
        let page = try await intake.pending(after: 0, limit: 2)
        let rows = page.rows
        #expect(!page.isLast)
        #expect(rows.map(\.id) == [1, 2])
        #expect(rows.map(\.idempotencyKey) == [Array("счёт-1".utf8), nil])
        #expect(rows.map(\.request) == [#"{"n":1}"#, #"{"n":2}"#].map { Array($0.utf8) })
        #expect(rows.allSatisfy { $0.client == Array("billing".utf8) })

        try await intake.settle(
            [
                IntakeSettling(row: 1, ending: .message(MessageID(raw: 7))),
                IntakeSettling(row: 2, ending: .refused(problem: #"{"code":"required"}"#)),
            ], at: .noon)
        try await intake.settle([IntakeSettling(row: 1, ending: .refused(problem: "late"))], at: .noon)
        #expect(try await intake.pending(after: 0, limit: 9).rows.map(\.id) == [3])
        let seen = try folder.stranger(folder.intake) { db in
            try Row.fetchAll(db, sql: "SELECT message, error FROM intake ORDER BY id")
        }
        #expect(seen.map { $0[0] as String? } == [MessageID(raw: 7).text, nil, nil])
        #expect(seen.map { $0[1] as String? } == [nil, #"{"code":"required"}"#, nil])
    }

    @Test func itHasARollbackJournalAndKeepsItsRows() async throws {
        let folder = try Folder()
        for opening in 1...2 {
            let intake = try IntakeFile.open(folder.intake)
            let mode = try folder.stranger(folder.intake) { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
            #expect(mode == "delete")
            try folder.stranger(folder.intake) {
                try $0.execute(sql: "INSERT INTO intake (client, request) VALUES ('a', '{}')")
            }
            #expect(try await intake.pending(after: 0, limit: 9).rows.count == opening)
            intake.close()
        }
        #expect(try folder.mode(folder.intake) == 0o660)
    }

    @Test func bytesThatAreNoTextAreRefusedAtTheDoor() throws {
        let folder = try Folder()
        let intake = try IntakeFile.open(folder.intake)
        defer { intake.close() }
        #expect(throws: DatabaseError.self) {
            try folder.stranger(folder.intake) {
                try $0.execute(sql: "INSERT INTO intake (client, request) VALUES ('a', x'FF')")
            }
        }
    }

    @Test func aLongRequestIsNotReadAndAVeryLongOneNotTaken() async throws {
        let folder = try Folder()
        let intake = try IntakeFile.open(folder.intake)
        defer { intake.close() }
        func insert(_ size: Int) throws {
            try folder.stranger(folder.intake) {
                try $0.execute(
                    sql: "INSERT INTO intake (client, request) VALUES ('a', ?)",
                    arguments: [String(repeating: "x", count: size)])
            }
        }
        for size in [IntakeRow.limit, IntakeRow.limit + 1, 1 << 20] { try insert(size) }
        #expect(throws: DatabaseError.self) { try insert(1 << 20 + 1) }
        let page = try await intake.pending(after: 0, limit: 9)
        #expect(page.rows.map { $0.request?.count } == [IntakeRow.limit, nil, nil] && page.isLast)
    }

    @Test func whatWasSettledLongAgoIsClearedAway() async throws {
        let folder = try Folder()
        let intake = try IntakeFile.open(folder.intake)
        defer { intake.close() }
        for _ in 1...3 {
            try folder.stranger(folder.intake) {
                try $0.execute(sql: "INSERT INTO intake (client, request) VALUES ('a', '{}')")
            }
        }
        try await intake.settle([IntakeSettling(row: 1, ending: .message(MessageID(raw: 1)))], at: .noon)
        try await intake.settle(
            [IntakeSettling(row: 2, ending: .refused(problem: "{}"))], at: .noon.advanced(by: .seconds(60)))
        #expect(try await intake.clear(settledBefore: .noon.addingTimeInterval(30), limit: 9) == 1)
        let counts = try await intake.counts()
        #expect(counts.pending == 1 && counts.refused == 1)
    }

    @Test func aFileThatWasReplacedIsNoticed() throws {
        let folder = try Folder()
        let intake = try IntakeFile.open(folder.intake)
        defer { intake.close() }
        #expect(intake.isInPlace)
        try FileManager.default.removeItem(atPath: folder.intake)
        #expect(!intake.isInPlace)
        let next = try IntakeFile.open(folder.intake)
        defer { next.close() }
        #expect(!intake.isInPlace && next.isInPlace && next.identity != intake.identity)
    }

    @Test func theGatewaysFileIsNoIntakeFile() async throws {
        let folder = try Folder()
        try SQLiteStore.open(folder.database, holder: "test", at: .noon).close()
        #expect(await failure { _ = try IntakeFile.open(folder.database) }?.kind == .corrupt)
    }
}
