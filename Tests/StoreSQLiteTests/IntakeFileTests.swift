import Domain
import Foundation
import GatewayTesting
import GRDB
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
        let rows = try await intake.pending(limit: 2)
        #expect(rows.map(\.id) == [1, 2])
        #expect(rows.map(\.idempotencyKey) == ["счёт-1", nil])
        #expect(rows.map { String(decoding: $0.request, as: UTF8.self) } == [#"{"n":1}"#, #"{"n":2}"#])
        #expect(rows.allSatisfy { $0.client == "billing" })

        try await intake.settle([(1, .message(MessageID(raw: 7))), (2, .refused(problem: #"{"code":"required"}"#))])
        try await intake.settle([(1, .refused(problem: "late"))])
        #expect(try await intake.pending(limit: 9).map(\.id) == [3])
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
            #expect(try await intake.pending(limit: 9).count == opening)
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

    @Test func theGatewaysFileIsNoIntakeFile() async throws {
        let folder = try Folder()
        try SQLiteStore.open(folder.database, holder: "test", at: .noon).close()
        #expect(await failure { _ = try IntakeFile.open(folder.database) }?.kind == .corrupt)
    }
}
