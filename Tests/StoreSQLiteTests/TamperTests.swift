import Domain
import Foundation
import GRDB
import GatewayTesting
import Journal
import Policy
import Queue
import StoreSQLite
import Testing

/// What somebody with the file and a shell can do to the journal, and whether we see it.
@Suite struct TamperTests {
    private static let seed = UInt64(ProcessInfo.processInfo.environment["VESTNIK_TEST_SEED"] ?? "") ?? 20_261_124

    @Test func everyChangeOfAnyColumnOfAnyRowIsFoundAndNamed() async throws {
        let folder = try Folder()
        let rows = try await written(folder)
        print("tamper seed \(Self.seed)")
        var random = Seeded(Self.seed)
        let columns = ["sequence", "at", "message", "event", "state", "by", "facts", "link"]
        var found = 0
        for round in 0..<160 {
            let column = columns[round % columns.count]
            let row = Int64.random(in: 1...rows, using: &random)
            let change = try tamper(folder, column, row, &random)
            let report = try await verify(folder)
            if case .broken(row, _, _) = report {
                found += 1
            } else {
                Issue.record("seed \(Self.seed), round \(round): \(change) → \(report)")
            }
            try restore(folder)
        }
        #expect(found == 160)
        #expect(try await verify(folder) == .intact(rows: rows), "the file as it was is still good")
    }

    @Test func deletedInsertedAndMovedRowsAreFound() async throws {
        let folder = try Folder()
        let rows = try await written(folder)
        let copy = "SELECT ?, at, message, event, state, by, facts, link FROM journal WHERE sequence = 5"
        let cases: [(String, StatementArguments, Int64)] = [
            ("DELETE FROM journal WHERE sequence = 7", [], 7),
            ("DELETE FROM journal WHERE sequence = 1", [], 1),
            ("DELETE FROM journal WHERE sequence >= 9", [], 9),
            ("DELETE FROM journal WHERE sequence = \(rows)", [], rows),
            ("DELETE FROM journal", [], 1),
            ("INSERT INTO journal \(copy)", [rows + 1], rows + 1),
            ("INSERT INTO journal \(copy)", [0], 0),
            ("INSERT INTO journal \(copy)", [-3], -3),
            ("UPDATE journal SET sequence = sequence + 1000 WHERE sequence = 4", [], 4),
            ("UPDATE journal SET facts = CAST(CAST(facts AS BLOB) || x'00' AS TEXT) WHERE sequence = 6", [], 6),
            ("UPDATE journal SET state = '' WHERE state IS NULL", [], 1),
            ("UPDATE journal_head SET sequence = sequence - 1", [], rows),
            ("UPDATE journal_head SET sequence = sequence + 1", [], rows + 1),
            ("UPDATE journal_head SET link = zeroblob(32)", [], rows),
        ]
        for (statement, arguments, row) in cases {
            try change(folder) { try $0.execute(sql: statement, arguments: arguments) }
            guard case .broken(let named, _, let why) = try await verify(folder) else {
                Issue.record("not found: \(statement)")
                try restore(folder)
                continue
            }
            #expect(named == row, "\(statement): \(why)")
            try restore(folder)
        }
    }

    @Test func twoRowsExchangedAreFound() async throws {
        let folder = try Folder()
        _ = try await written(folder)
        try change(folder) { db in
            for (from, to) in [(3, -1), (4, 3), (-1, 4)] {
                try db.execute(sql: "UPDATE journal SET sequence = ? WHERE sequence = ?", arguments: [to, from])
            }
        }
        guard case .broken(3, _, _) = try await verify(folder) else { return #expect(Bool(false), "not found") }
    }

    @Test func theWalkTellsHowFarItIs() async throws {
        let folder = try Folder()
        let rows = try await written(folder)
        let store = try SQLiteStore.openReadOnly(folder.database)
        await confirmation { told in
            _ = try? await store.verify { done, all in if done == rows, all == rows { told() } }
        }
    }

    // MARK: The file under attack

    /// A few dozen lines of every kind, closed, with a copy to go back to.
    private func written(_ folder: Folder) async throws -> Int64 {
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        try await store.record([.sample(1, of: "ls:1", .granted)], at: .noon)
        _ = try await store.enqueue((1...12).map { .sample(.sample(id: $0, recipient: "ls:1")) }, at: .noon)
        for claim in try await store.turn(TurnRequest(wanted: [Wanted(.sms, limit: 8)]), at: .noon).claims {
            _ = try await store.turn(TurnRequest(beginning: [claim.beginning()]), at: .noon)
            _ = try await store.turn(TurnRequest(finished: [claim.accepted()]), at: .noon)
        }
        try await store.suppress(
            [Suppression(destination: .sms(), reason: .manual, since: .noon)], by: "operator", at: .noon)
        guard case .intact(let rows) = try await store.verify(progress: { _, _ in }) else { return 0 }
        store.close()
        try FileManager.default.copyItem(atPath: folder.database, toPath: folder.path + "/good.db")
        #expect(rows > 25)
        return rows
    }

    private func restore(_ folder: Folder) throws {
        for file in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: folder.database + file) }
        try FileManager.default.copyItem(atPath: folder.path + "/good.db", toPath: folder.database)
    }

    private func verify(_ folder: Folder) async throws -> ChainReport {
        let store = try SQLiteStore.openReadOnly(folder.database)
        defer { store.close() }
        return try await store.verify { _, _ in }
    }

    /// The triggers keep honest programs out, nobody else.
    private func change(_ folder: Folder, _ work: (Database) throws -> Void) throws {
        try folder.stranger(folder.database) { db in
            try db.execute(
                sql: "DROP TRIGGER journal_keep; DROP TRIGGER journal_stay; DROP TRIGGER journal_once")
            try work(db)
        }
    }

    private func tamper(_ folder: Folder, _ column: String, _ row: Int64, _ random: inout Seeded) throws -> String {
        let bit = Int.random(in: 0..<8, using: &random)
        let place = Int.random(in: 0..<4096, using: &random)
        try change(folder) { db in
            let old = try #require(
                try Row.fetchOne(db, sql: "SELECT \(column) FROM journal WHERE sequence = ?", arguments: [row]))
            let value: DatabaseValue = old[0]
            let new: any DatabaseValueConvertible
            switch value.storage {
            case .int64(let number): new = column == "sequence" ? number + 10_000 : number ^ (1 << Int64(bit))
            case .string(let text):
                var bytes = Array(text.utf8)
                if bytes.isEmpty { bytes = [0x41] } else { bytes[place % bytes.count] ^= UInt8(1 << (bit % 5)) }
                new =
                    String(decoding: bytes, as: UTF8.self) == text ? text + "!" : String(decoding: bytes, as: UTF8.self)
            case .blob(let data):
                var bytes = [UInt8](data)
                bytes[place % bytes.count] ^= UInt8(1 << bit)
                new = Data(bytes)
            case .null: new = column == "message" ? 0 as any DatabaseValueConvertible : ""
            case .double: new = 0
            }
            try db.execute(sql: "UPDATE journal SET \(column) = ? WHERE sequence = ?", arguments: [new, row])
            #expect(db.changesCount == 1)
        }
        return "\(column) of row \(row), bit \(bit), place \(place)"
    }
}

/// SplitMix64: the same seed gives the same attacks.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
