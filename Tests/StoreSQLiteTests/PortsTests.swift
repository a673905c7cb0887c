import GatewayTesting
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
}
