import GatewayTesting
import Simulation
import Testing

/// The simulator's store is held to the same ports as the real one. Left out is `history`, which is about a chain that
/// nobody can edit unseen, filters of lists and figures for pages: in memory there is no file to tamper with.
struct MemoryStoreTests {
    @Test(arguments: StoreConformance.queueAndBooks) func port(_ test: StoreCase) async throws {
        let bench = StoreBench {
            MemoryStore()
        } reopened: { store in
            try #require(store as? MemoryStore).reopened()
        }
        try await test.check(bench)
    }
}
