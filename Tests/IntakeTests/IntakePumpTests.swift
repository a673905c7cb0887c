import Domain
import Foundation
import GRDB
import GatewayTesting
import Intake
import Policy
import Journal
import Rendering
import Queue
import StoreSQLite
import Testing

/// A real intake.db and a real store; other programs are other connections.
struct IntakePumpTests {
    final class Desk: Sendable {
        let path = NSTemporaryDirectory() + "vestnik-intake-" + UUID().uuidString
        let store: SQLiteStore
        let table: IntakeFile
        let ids = IDSource()

        init() throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            store = try SQLiteStore.open(path + "/vestnik.db", holder: "test", at: .noon)
            table = try IntakeFile.open(path + "/intake.db")
        }

        deinit {
            table.close()
            store.close()
            try? FileManager.default.removeItem(atPath: path)
        }

        var drain: Drain {
            Drain(
                accept: Accept(
                    purposes: AcceptTests.purposes, shelf: AcceptTests.shelf,
                    organisation: .init(name: "УК", phone: "+78001002030"), recipients: store, ids: ids),
                queue: store, language: .en)
        }

        func stranger<Value>(_ work: (Database) throws -> Value) throws -> Value {
            let queue = try DatabaseQueue(path: path + "/intake.db")
            defer { try? queue.close() }
            return try queue.writeWithoutTransaction(work)
        }

        func insert(_ requests: [String], key: (Int) -> String? = { _ in nil }, client: String = "billing") throws {
            try stranger { db in
                try db.inTransaction {
                    for (number, request) in requests.enumerated() {
                        try db.execute(
                            sql: "INSERT INTO intake (client, idempotency_key, request) VALUES (?, ?, ?)",
                            arguments: [client, key(number), request])
                    }
                    return .commit
                }
            }
        }

        func rows() throws -> [(message: String?, error: String?)] {
            try stranger { try Row.fetchAll($0, sql: "SELECT message, error FROM intake ORDER BY id") }
                .map { ($0[0], $0[1]) }
        }

        func queued() async throws -> Int { try await store.stats(at: .noon).states[.queued] ?? 0 }
    }

    static func body(_ number: Int = 0, more: String = "") -> String {
        AcceptTests.body(#""reference":"\#(number)"\#(more)"#, to: #"{"sms":"+79001234567"}"#)
    }

    @Test func tenThousandRowsBecomeTenThousandMessages() async throws {
        let desk = try Desk()
        try desk.insert((0..<10_000).map { Self.body($0) }) { "invoice-\($0)" }
        var pump = IntakePump()
        var accepted = 0, steps = 0
        while true {
            let step = try await pump.step(desk.table, desk.drain, at: .noon)
            accepted += step.accepted
            steps += 1
            guard step.more, steps < 50 else { break }
        }
        #expect(accepted == 10_000 && steps <= 11)
        let rows = try desk.rows()
        #expect(Set(rows.compactMap(\.message)).count == 10_000 && rows.allSatisfy { $0.error == nil })
        #expect(try await desk.queued() == 10_000)
    }

    /// The process dies after the messages are stored and before the rows are marked.
    @Test(arguments: [true, false]) func aCrashBetweenTheFilesRepeatsNothing(hasKeys: Bool) async throws {
        let desk = try Desk()
        let soon = #","expires_at":"2026-11-24T12:00:10+03:00""#
        try desk.insert([Self.body(1), Self.body(2, more: soon)]) { hasKeys ? "k\($0)" : nil }
        let page = try await desk.table.pending(after: 0, limit: 9)
        let before = try await desk.drain(page.rows, of: desk.table.identity, at: .noon)
        #expect(try desk.rows().allSatisfy { $0.message == nil })

        // An hour later the second one would be refused; it was accepted.
        var pump = IntakePump()
        let step = try await pump.step(desk.table, desk.drain, at: .noon.advanced(by: .seconds(3600)))
        #expect(step.accepted == 2 && step.refused.isEmpty)
        let messages = before.map { if case .message(let id) = $0.ending { id.text } else { "" } }
        #expect(try desk.rows().map(\.message) == messages)
        #expect(try await desk.queued() == 2)
    }

    @Test func badRowsKeepTheirProblemAndStopNoOthers() async throws {
        let desk = try Desk()
        let bad: [(String, ProblemCode)] = [
            ("{", .invalidJSON), ("", .invalidJSON), ("[]", .invalidJSON), ("{\"a\":\"\u{0}\"}", .invalidJSON),
            (#"{"template":"payment-remind","to":{"sms":"+79001234567"}}"#, .unknownTemplate),
            (AcceptTests.body(to: #"{"sms":"123"}"#), .invalidPhone),
            (AcceptTests.body(to: #"{"recipient":"ls:nobody"}"#), .unknownRecipient),
            (Self.body(more: #","dry_run":true"#), .invalidValue),
            (Self.body(more: #","metadata":{"a":"\#(String(repeating: "x", count: 300_000))"}"#), .payloadTooLarge),
        ]
        try desk.insert([Self.body(1)] + bad.map(\.0) + [Self.body(2)])
        try desk.insert([Self.body(3)], client: "no such/client")
        try desk.insert([Self.body(4, more: #","idempotency_key":"a""#)]) { _ in "b" }
        try desk.stranger {
            try $0.execute(sql: "INSERT INTO intake (client, request) VALUES ('billing', CAST(x'7BFF7D' AS TEXT))")
        }
        var pump = IntakePump()
        let step = try await pump.step(desk.table, desk.drain, at: .noon)
        #expect(step.accepted == 2 && step.refused.count == bad.count + 3)
        let errors = try desk.rows().compactMap(\.error)
        let expected = bad.map(\.1.rawValue) + ["invalid_value", "invalid_value", "invalid_json"]
        #expect(errors.count == expected.count)
        for (error, code) in zip(errors, expected) {
            #expect(error.contains("\"code\":\"\(code)\""), "\(error.prefix(200))")
        }
        #expect(errors.allSatisfy { !$0.contains("79001234567") })
    }

    @Test func oneKeyOneMessage() async throws {
        let desk = try Desk()
        try desk.insert([Self.body(1), Self.body(1), Self.body(2)]) { _ in "same" }
        var pump = IntakePump()
        let step = try await pump.step(desk.table, desk.drain, at: .noon)
        #expect(step.accepted == 2 && step.refused.count == 1)
        let rows = try desk.rows()
        #expect(rows[0].message == rows[1].message && rows[2].error?.contains("idempotency_key_reused") == true)
        #expect(try await desk.queued() == 1)
    }

    /// A stranger who writes for long keeps us from marking rows, not from sending what they say.
    @Test func aLockHeldByOthersDelaysNoMessage() async throws {
        let desk = try Desk()
        try desk.insert([Self.body(1), Self.body(2)])
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let holder = try DatabaseQueue(path: desk.path + "/intake.db", configuration: configuration)
        try await holder.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        var pump = IntakePump()
        let locked = try await pump.step(desk.table, desk.drain, at: .noon)
        #expect(locked.accepted == 2 && locked.unsettled?.kind == .busy)
        let again = try await pump.step(desk.table, desk.drain, at: .noon)
        #expect(again.accepted == 0 && again.unsettled?.kind == .busy, "nothing is taken twice")
        #expect(try await desk.queued() == 2)
        try await holder.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try holder.close()
        let free = try await pump.step(desk.table, desk.drain, at: .noon)
        #expect(free.unsettled == nil)
        #expect(try desk.rows().allSatisfy { $0.message != nil })
    }
}
