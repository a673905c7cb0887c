import Glibc
import Synchronization

/// The thin database on a thread of its own, so that a commit and the network do not wait for each other; batches cross.
final class ThinQueue: Sendable {
    private struct State {
        var ended: [Int64] = []
        var claimed: [ThinDatabase.Message] = []
        /// Claimed and not ended.
        var held = 0
        var left: Int
    }
    private let state: Mutex<State>
    private let window: Int
    /// The database thread waits for work, the network for messages: one byte is one call.
    private let work = Signal()
    let news = Signal()

    init(holding count: Int, window: Int) {
        state = Mutex(State(left: count))
        self.window = window
    }

    /// Runs on the thread of the database until everything has been settled.
    func serve(_ database: ThinDatabase) {
        while true {
            let (ended, limit, over) = state.withLock { state -> ([Int64], Int, Bool) in
                defer { state.ended = [] }
                state.held -= state.ended.count
                // Small claims would be small commits.
                let room = window - state.held
                return (state.ended, room >= window / 8 ? min(room, state.left) : 0, state.left == 0 && state.held == 0)
            }
            if ended.isEmpty, limit == 0 {
                if over { return }
                work.wait()
                continue
            }
            let claimed = database.turn(ended: ended, claiming: limit)
            state.withLock { state in
                state.held += claimed.count
                state.left -= claimed.count
                state.claimed += claimed
            }
            news.call()
        }
    }

    /// From the network's thread: what ended, for what is there.
    func exchange(_ ended: inout [Int64]) -> [ThinDatabase.Message] {
        let claimed = state.withLock { state in
            state.ended += ended
            defer { state.claimed = [] }
            return state.claimed
        }
        if !ended.isEmpty { work.call() }
        ended.removeAll(keepingCapacity: true)
        return claimed
    }
}

/// A pipe that wakes a thread.
final class Signal: Sendable {
    let descriptor: Int32
    private let pen: Int32

    init() {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0, "no pipe")
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        (descriptor, pen) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(pen)
    }

    func call() {
        var byte: UInt8 = 1
        _ = write(pen, &byte, 1)
    }

    func clear() {
        var bytes = [UInt8](repeating: 0, count: 512)
        while read(descriptor, &bytes, bytes.count) == bytes.count {}
    }

    func wait() {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&waiting, 1, 1000)
        clear()
    }
}
