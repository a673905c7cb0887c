import Synchronization
import Settings

/// Where the gateway is open to programs.
struct OpenDoors: Sendable {
    var api: ListenAddress?
    var world: ListenAddress?
}

/// Calls `ready` once, when every listener listens.
final class Readiness: Sendable {
    private let state: Mutex<(left: Int, doors: OpenDoors)>
    private let ready: @Sendable (OpenDoors) -> Void
    init(expected: Int, ready: @escaping @Sendable (OpenDoors) -> Void) {
        state = Mutex((expected, OpenDoors()))
        self.ready = ready
    }
    /// - Parameter note: writes down where this one listens.
    func one(_ note: @Sendable (inout OpenDoors) -> Void = { _ in }) {
        let (isLast, doors) = state.withLock { state in
            state.left -= 1
            note(&state.doors)
            return (state.left == 0, state.doors)
        }
        if isLast { ready(doors) }
    }
}
