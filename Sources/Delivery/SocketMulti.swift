import CCurl
import CLinux
import Domain
import Glibc

/// A multi handle that the kernel tells which sockets have news: `curl_multi_perform` asks every transfer in turn, with a
/// system call for each that waits, and with 256 of them most of the time goes there (70 µs a message instead of 29).
/// Belongs to the thread of its loop, which watches `descriptor`.
final class SocketMulti {
    /// Readable when a socket has news.
    let descriptor: Int32
    /// When libcurl wants a turn although nothing happens.
    private(set) var due: ContinuousClock.Instant?
    private let multi: UnsafeMutableRawPointer
    private var events = [epoll_event](repeating: epoll_event(), count: 128)
    /// By descriptor.
    private var sockets: [Socket] = []

    private struct Socket {
        /// What libcurl waits for, and what the kernel was told; events of epoll.
        var wanted: UInt32 = 0
        var told: UInt32 = 0
        /// A connection, which libcurl opens and closes through us. The kernel may go on watching it between two requests,
        /// which saves two system calls a message. Anything else libcurl closes without a word.
        var isConnection = false
    }

    init(connections: Int) {
        guard let multi = curl_multi_init() else { preconditionFailure("libcurl has no memory to start") }
        self.multi = multi
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        precondition(descriptor >= 0, "the kernel has no epoll to give")
        let this = Unmanaged.passUnretained(self).toOpaque()
        curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections)
        curl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, this)
        curl_multi_set_watch(multi) { _, socket, what, raw, _ in
            SocketMulti.at(raw)?.watch(socket, what)
            return 0
        }
        curl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, this)
        curl_multi_set_timer(multi) { _, pause, raw in
            SocketMulti.at(raw)?.due = pause < 0 ? nil : .now + .milliseconds(pause)
            return 0
        }
    }

    /// Every handle is out of it before. Closes the connections, and libcurl tells us of each: not in `deinit`.
    func end() {
        curl_multi_cleanup(multi)
        close(descriptor)
    }

    func add(_ handle: CurlHandle) -> Bool { curl_multi_add_handle(multi, handle) == CURLM_OK }
    func remove(_ handle: CurlHandle) { curl_multi_remove_handle(multi, handle) }

    /// Connections that this handle opens are closed through us. The multi outlives the handle.
    func setSockets(_ options: inout CurlOptions) {
        let this = Unmanaged.passUnretained(self).toOpaque()
        options.set(CURLOPT_SOCKOPTDATA, owner: this)
        options.set(opened: { raw, socket, _ in
            SocketMulti.at(raw)?.change(socket) { $0 = Socket(isConnection: true) }
            return 0
        })
        options.set(CURLOPT_CLOSESOCKETDATA, owner: this)
        options.set(closing: { raw, socket in
            // Closing takes it out of epoll, too.
            SocketMulti.at(raw)?.change(socket) { $0 = Socket() }
            return close(socket)
        })
    }

    /// Lets libcurl work on the sockets that have news.
    func serve() {
        let count = Int(epoll_wait(descriptor, &events, Int32(events.count), 0))
        for place in 0..<max(0, count) {
            let event = events[place]
            let socket = event.data.fd
            let wanted = sockets[Int(socket)].wanted
            if wanted == 0 { forget(socket) } else { act(socket, Self.news(event.events, wanted)) }
        }
    }

    /// Lets libcurl begin what was added and end what took too long.
    /// - Returns: whether there was something to do.
    func keepTime(at now: ContinuousClock.Instant) -> Bool {
        guard let due, due <= now else { return false }
        self.due = nil
        act(CURL_SOCKET_BAD, 0)
        return true
    }

    /// One transfer that has ended; it is still in the multi.
    func nextEnded() -> (handle: CurlHandle, code: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            return (handle, curl_result(message))
        }
        return nil
    }

    private func act(_ socket: curl_socket_t, _ news: Int32) {
        var running: Int32 = 0
        curl_multi_socket_action(multi, socket, news, &running)
    }

    /// As libcurl reads the answers of `poll`: an error or a hang-up is found by reading or writing.
    private static func news(_ events: UInt32, _ wanted: UInt32) -> Int32 {
        let trouble = events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
        let input = events & EPOLLIN.rawValue != 0 || trouble
        let output = events & EPOLLOUT.rawValue != 0 || (trouble && wanted & EPOLLOUT.rawValue != 0)
        return (input ? CURL_CSELECT_IN : 0) | (output ? CURL_CSELECT_OUT : 0)
    }

    // MARK: What libcurl calls

    private static func at(_ raw: UnsafeMutableRawPointer?) -> SocketMulti? {
        raw.map { Unmanaged<SocketMulti>.fromOpaque($0).takeUnretainedValue() }
    }

    private func watch(_ socket: curl_socket_t, _ what: Int32) {
        let input = what == CURL_POLL_IN || what == CURL_POLL_INOUT
        let output = what == CURL_POLL_OUT || what == CURL_POLL_INOUT
        let wanted = (input ? EPOLLIN.rawValue : 0) | (output ? EPOLLOUT.rawValue : 0)
        change(socket) { $0.wanted = wanted }
        let known = sockets[Int(socket)]
        if wanted == 0 {
            if !known.isConnection { forget(socket) }
        } else if known.told != wanted {
            tell(socket, wanted, known.told == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD)
        }
    }

    /// An idle connection has news, which only its next user can make something of.
    private func forget(_ socket: curl_socket_t) {
        if sockets[Int(socket)].told != 0 { tell(socket, 0, EPOLL_CTL_DEL) }
    }

    private func tell(_ socket: curl_socket_t, _ wanted: UInt32, _ how: Int32) {
        var event = epoll_event()
        event.events = wanted
        event.data.fd = socket
        epoll_ctl(descriptor, how, socket, &event)
        sockets[Int(socket)].told = wanted
    }

    private func change(_ socket: curl_socket_t, _ body: (inout Socket) -> Void) {
        let place = Int(socket)
        if place >= sockets.count {
            sockets += Array(repeating: Socket(), count: place + 64 - sockets.count)
        }
        body(&sockets[place])
    }
}
