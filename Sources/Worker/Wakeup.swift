import Synchronization

/// One bit that says "look again", kept until somebody looks. Set from any thread, waited for by one task.
package final class Wakeup: Sendable {
    private struct State {
        var isSet = false
        var waiter: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    package init() {}

    package func set() {
        let waiter = state.withLock { state in
            guard let waiter = state.waiter else {
                state.isSet = true
                return CheckedContinuation<Void, Never>?.none
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }

    /// Returns when somebody sets the bit, at once if it was set since the last look, and after `limit` at the latest.
    package func wait(upTo limit: Duration) async {
        // The timer task is awaited or cancelled right here; it sets the bit only to end this very wait.
        let timer = Task {
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            self.set()
        }
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state in
                if state.isSet {
                    state.isSet = false
                    return true
                }
                state.waiter = continuation
                return false
            }
            if ready { continuation.resume() }
        }
        timer.cancel()
    }
}
