// The far side of the wire for the benchmark: one thread, one epoll, two loopback ports. It speaks just enough SMTP and
// HTTP to take everything, keeps nothing, and counts on a board that others read. It is light so that what is measured is
// the gateway and not its counterpart: more than 150,000 tiny pipelined mails or 80,000 requests a second of one core.

import CLinux
import Domain
import Glibc

package struct SinkSettings: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes any free one.
    package var smtpPort = 0
    package var httpPort = 0
    /// Each reply comes so much later, like one round trip to a far server; milliseconds.
    package var latency = 0
    package init(host: String = "127.0.0.1", smtpPort: Int = 0, httpPort: Int = 0, latency: Int = 0) {
        self.host = host
        self.smtpPort = smtpPort
        self.httpPort = httpPort
        self.latency = latency
    }
}

package final class Sink {
    private let settings: SinkSettings
    private let board: SinkBoard
    private let poll: Int32
    private let timer: Int32
    private let smtp: Int32
    private let http: Int32
    /// By descriptor.
    private var connections: [Int32: SinkConnection] = [:]
    private var late = LateReplies()
    private var replies: [UInt8] = []

    /// Listens when it returns; the ports stand on the board.
    package init(_ settings: SinkSettings, _ board: SinkBoard) throws(BenchFailure) {
        self.settings = settings
        self.board = board
        let host = try OnlyLoopback.check(settings.host)
        poll = epoll_create1(0)
        timer = timerfd_create(CLOCK_MONOTONIC, 0)
        smtp = try LoopbackSocket.listen(host, settings.smtpPort)
        http = try LoopbackSocket.listen(host, settings.httpPort)
        for descriptor in [smtp, http, timer] { watch(descriptor, EPOLLIN.rawValue) }
        board[.smtpPort] = LoopbackSocket.port(of: smtp)
        board[.httpPort] = LoopbackSocket.port(of: http)
    }

    deinit {
        connections = [:]
        for descriptor in [smtp, http, timer, poll] { close(descriptor) }
    }

    /// Serves until one of `stops` has something to read, or has ended.
    package func run(until stops: [Int32]) {
        for descriptor in stops { watch(descriptor, EPOLLIN.rawValue) }
        let ends = Set(stops)
        var events = [epoll_event](repeating: epoll_event(), count: 512)
        while true {
            if board[.held] == 1 {
                if pause(ends) { return }
                continue
            }
            let count = Int(epoll_wait(poll, &events, Int32(events.count), 1000))
            for event in events.prefix(max(0, count)) {
                let descriptor = event.data.fd
                if ends.contains(descriptor) { return }
                serve(descriptor, event.events)
            }
        }
    }

    /// - Returns: whether it is time to stop.
    private func pause(_ ends: Set<Int32>) -> Bool {
        var waiting = ends.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        return Glibc.poll(&waiting, nfds_t(waiting.count), 2) > 0
    }

    private func watch(_ descriptor: Int32, _ what: UInt32) {
        var event = epoll_event()
        event.events = what
        event.data.fd = descriptor
        if epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) != 0, errno == EEXIST {
            epoll_ctl(poll, EPOLL_CTL_MOD, descriptor, &event)
        }
    }

    private func serve(_ descriptor: Int32, _ events: UInt32) {
        if descriptor == smtp || descriptor == http { return accept(descriptor) }
        if descriptor == timer { return sendLate() }
        guard let connection = connections[descriptor] else { return }
        if events & EPOLLOUT.rawValue != 0 { flush(connection) }
        if events & ~EPOLLOUT.rawValue != 0 { read(connection) }
    }

    private func accept(_ listener: Int32) {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            LoopbackSocket.sendAtOnce(descriptor)
            board.add(1, to: .connections)
            let connection = SinkConnection(descriptor, listener == smtp ? .smtp(SMTPTalk()) : .http(HTTPTalk()))
            connections[descriptor] = connection
            watch(descriptor, EPOLLIN.rawValue)
            if listener == smtp { reply(SMTPTalk.greeting, to: connection, ends: false) }
        }
    }

    private func read(_ connection: SinkConnection) {
        var news = SinkConnection.News()
        repeat {
            replies.removeAll(keepingCapacity: true)
            news = connection.read(&replies)
            if news.bytes > 0 { count(news) }
            if !replies.isEmpty { reply(replies, to: connection, ends: connection.isOver) }
        } while news.again && !connection.isOver
        if news.ended { connections[connection.descriptor] = nil }
    }

    private func count(_ news: SinkConnection.News) {
        board.add(news.bytes, to: .bytes)
        if news.malformed > 0 { board.add(news.malformed, to: .malformed) }
        guard news.mails + news.requests > 0 else { return }
        // The time first: whoever sees the count finds a time that belongs to it.
        board[news.mails > 0 ? .lastMail : .lastRequest] = Stopwatch.now()
        board.add(news.mails, to: .mails)
        board.add(news.requests, to: .requests)
    }

    // MARK: Replies

    private func reply(_ bytes: [UInt8], to connection: SinkConnection, ends: Bool) {
        guard settings.latency == 0 else {
            let due = Stopwatch.now() + settings.latency * 1_000_000
            if late.add(bytes, to: connection, ends: ends, due: due) { arm(due) }
            return
        }
        send(bytes, to: connection, ends: ends)
    }

    private func send(_ bytes: [UInt8], to connection: SinkConnection, ends: Bool) {
        let allLeft = connection.write(bytes)
        if ends { connections[connection.descriptor] = nil } else if !allLeft { wantsRoom(connection, true) }
    }

    private func flush(_ connection: SinkConnection) {
        if connection.flush() { wantsRoom(connection, false) }
    }

    private func wantsRoom(_ connection: SinkConnection, _ wants: Bool) {
        guard connections[connection.descriptor] === connection else { return }
        watch(connection.descriptor, EPOLLIN.rawValue | (wants ? EPOLLOUT.rawValue : 0))
    }

    private func sendLate() {
        var times: UInt64 = 0
        _ = Glibc.read(timer, &times, 8)
        while let one = late.next(at: Stopwatch.now()) {
            guard connections[one.connection.descriptor] === one.connection else { continue }
            send(one.bytes, to: one.connection, ends: one.ends)
        }
        if let due = late.due { arm(due) }
    }

    private func arm(_ due: Int) {
        var time = itimerspec()
        time.it_value = timespec(tv_sec: due / 1_000_000_000, tv_nsec: due % 1_000_000_000)
        timerfd_settime(timer, Int32(TFD_TIMER_ABSTIME), &time, nil)
    }
}

/// Replies that wait for their time: as all wait equally long, the first in is the first out.
struct LateReplies {
    struct One {
        let due: Int
        let connection: SinkConnection
        let bytes: [UInt8]
        let ends: Bool
    }
    private var waiting: [One] = []
    private var head = 0

    var due: Int? { head < waiting.count ? waiting[head].due : nil }

    /// - Returns: whether nothing waited before.
    mutating func add(_ bytes: [UInt8], to connection: SinkConnection, ends: Bool, due: Int) -> Bool {
        let first = head == waiting.count
        waiting.append(One(due: due, connection: connection, bytes: bytes, ends: ends))
        return first
    }

    mutating func next(at now: Int) -> One? {
        guard let due, due <= now else { return nil }
        defer {
            head += 1
            if head == waiting.count || head > 4096 {
                waiting.removeFirst(head)
                head = 0
            }
        }
        return waiting[head]
    }
}
