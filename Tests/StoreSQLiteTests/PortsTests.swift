import Domain
import Foundation
import GRDB
import GatewayTesting
import Policy
import StoreSQLite
import Testing

@Suite struct PortsTests {
    @Test(arguments: StoreConformance.cases) func port(_ test: StoreCase) async throws {
        let folder = try Folder()
        let bench = StoreBench {
            try SQLiteStore.open(folder.database, holder: "first process", at: .noon)
        } reopened: { store in
            (store as? SQLiteStore)?.close()
            return try SQLiteStore.open(folder.database, holder: "next process", at: .noon)
        }
        try await test.check(bench)
    }

    @Test(arguments: StoreConformance.keys) func keys(_ test: KeyCase) async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "first process", at: .noon)
        try await test.check(store) { store in
            (store as? SQLiteStore)?.close()
            return try SQLiteStore.open(folder.database, holder: "next process", at: .noon)
        }
    }

    @Test(arguments: StoreConformance.people) func people(_ test: PeopleCase) async throws {
        let folder = try Folder()
        try await test.check(try SQLiteStore.open(folder.database, holder: "test", at: .noon))
    }

    @Test func aKeyCannotBeChangedOrDeletedByAnybody() async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        _ = try await store.create(.sample("aaaa1111"), by: "cli", at: .noon)
        _ = try await store.revoke("aaaa1111", by: "cli", at: .noon)
        store.close()
        for sql in [
            "DELETE FROM api_keys", "UPDATE api_keys SET revoked_at = NULL", "UPDATE api_keys SET digest = x'00'",
            "UPDATE api_keys SET mode = 'team'", "UPDATE api_keys SET scopes = 'admin'",
        ] {
            #expect(throws: (any Error).self, "\(sql)") {
                try folder.stranger(folder.database) { try $0.execute(sql: sql) }
            }
        }
    }
}
