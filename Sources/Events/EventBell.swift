import Synchronization

/// Rung after each commit that has a line in the journal; any number of tasks wait for the next one.
package final class EventBell: Sendable {
    private struct State {
        var rung: UInt64 = 0
        var isClosed = false
        var lastKey: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        /// Those about to wait, and whether they were let go before they had begun to.
        var coming: [UInt64: Bool] = [:]
    }
    private let state = Mutex(State())

    package init() {}

    package func ring() { wake { $0.rung += 1 } }
    /// Nobody waits here any more, now or later.
    package func close() { wake { $0.isClosed = true } }

    /// How often it was rung; `wait` is told, so that nothing falls between a look and a wait.
    package var count: UInt64 { state.withLock { $0.rung } }
    package var isClosed: Bool { state.withLock { $0.isClosed } }

    private func wake(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when it was rung after `count`, is closed, the task is cancelled, or after `limit`.
    package func wait(after count: UInt64, upTo limit: Duration) async {
        let key = state.withLock { state in
            state.lastKey += 1
            state.coming[state.lastKey] = false
            return state.lastKey
        }
        // Cancelled right below; it ends this very wait and nothing else.
        let timer = Task {
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            self.release(key)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state in
                    let isReleased = state.coming.removeValue(forKey: key) == true
                    if state.rung > count || state.isClosed || isReleased { return true }
                    state.waiters[key] = continuation
                    return false
                }
                if ready { continuation.resume() }
            }
        } onCancel: {
            release(key)
        }
        timer.cancel()
    }

    private func release(_ key: UInt64) {
        let waiter = state.withLock { state in
            let waiter = state.waiters.removeValue(forKey: key)
            if state.coming[key] != nil { state.coming[key] = true }
            return waiter
        }
        waiter?.resume()
    }
}
