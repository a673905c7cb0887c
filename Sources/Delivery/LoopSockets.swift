import CCurl
import Glibc

/// The sockets that a loop waits for itself, and the bell that wakes it. Waiting costs what is ready, not what is
/// watched. Belongs to the thread of its loop but for `ring`.
final class LoopSockets: Sendable {
    /// Ready to be read when a socket is ready or the bell was rung: others may wait for it with theirs.
    let descriptor = curl_make_watch()
    private let bell = curl_make_bell()
    private static let bellPlace = UInt64.max
    /// More than an account has connections and a bell: all that is ready is told at once.
    private static let most = 512

    init() {
        precondition(descriptor >= 0 && bell >= 0, "no file descriptor is left for a loop")
        control(EPOLL_CTL_ADD, bell, EPOLLIN.rawValue, Self.bellPlace)
    }

    deinit {
        close(bell)
        close(descriptor)
    }

    /// From any thread; also ends a waiting that has not begun yet.
    func ring() {
        var one: UInt64 = 1
        // It fails only when it rings already.
        _ = write(bell, &one, 8)
    }

    /// - Parameters:
    ///   - place: what `wait` calls it.
    ///   - forRoom: whether there is something to send that found no room.
    func watch(_ socket: Int32, as place: Int, forRoom: Bool = false) {
        let events = EPOLLIN.rawValue | (forRoom ? EPOLLOUT.rawValue : 0)
        if !control(EPOLL_CTL_MOD, socket, events, UInt64(place)) {
            control(EPOLL_CTL_ADD, socket, events, UInt64(place))
        }
    }

    /// Before it is closed.
    func forget(_ socket: Int32) { control(EPOLL_CTL_DEL, socket, 0, 0) }

    @discardableResult
    private func control(_ what: Int32, _ socket: Int32, _ events: UInt32, _ place: UInt64) -> Bool {
        var event = epoll_event()
        event.events = events
        event.data.u64 = place
        return epoll_ctl(descriptor, what, socket, &event) == 0
    }

    /// - Parameter milliseconds: 0 does not wait.
    func wait(_ milliseconds: Int32, ready: (Int) -> Void) {
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.most) { events in
            let count = Int(epoll_wait(descriptor, events.baseAddress, Int32(events.count), milliseconds))
            for event in events.prefix(max(0, count)) {
                if event.data.u64 == Self.bellPlace { hush() } else { ready(Int(event.data.u64)) }
            }
        }
    }

    private func hush() {
        var count: UInt64 = 0
        _ = read(bell, &count, 8)
    }
}
