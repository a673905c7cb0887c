import ServiceLifecycle
import UnixSignals

/// SIGTERM and SIGINT, caught before anything is opened: a stop that comes in the middle of a start is as clean as any
/// other. As a service it ends with the first of them, and the others end with it.
struct StopSignals: Service {
    private let signals: UnixSignalsSequence

    init() async { signals = await UnixSignalsSequence(trapping: .sigterm, .sigint) }

    func run() async throws {
        // One that came before this line was kept.
        await cancelWhenGracefulShutdown { for await _ in signals { return } }
    }
}
