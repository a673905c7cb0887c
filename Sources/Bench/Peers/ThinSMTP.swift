import CCurl
import Domain
import Glibc

/// The bare loop: claim, send over CONNECT_ONLY sessions with pipelining, settle. No policy, no rendering, no journal, no
/// failure is expected. Our own sessions in Delivery are not used: what they cost is part of what is measured against this.
final class ThinSMTP {
    private var sessions: [ThinSession] = []
    private var waiting: [ThinDatabase.Message] = []
    private var ended: [Int64] = []
    private let queue: ThinQueue

    init(port: Int, sessions count: Int, queue: ThinQueue) throws(BenchFailure) {
        self.queue = queue
        for _ in 0..<count { sessions.append(try ThinSession(port: port)) }
    }

    func run(_ total: Int) {
        var done = 0
        var sockets = sessions.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
        sockets.append(pollfd(fd: queue.news.descriptor, events: Int16(POLLIN), revents: 0))
        while done < total {
            for session in sessions { session.fill { waiting.popLast() } }
            let before = ended.count
            poll(&sockets, nfds_t(sockets.count), 1000)
            for (session, socket) in zip(sessions, sockets) where socket.revents != 0 {
                session.receive(&ended) { waiting.popLast() }
            }
            done += ended.count - before
            queue.news.clear()
            // The last first out: taking from the end costs nothing.
            waiting = queue.exchange(&ended).reversed() + waiting
        }
        _ = queue.exchange(&ended)
    }
}

/// One session; every reply is taken for a yes.
final class ThinSession {
    private let handle: UnsafeMutableRawPointer
    private(set) var socket: curl_socket_t = CURL_SOCKET_BAD
    private var opening: ThinDatabase.Message?
    private var closing: ThinDatabase.Message?
    private var expected = 0
    private var output: [UInt8] = []
    private var line: [UInt8] = []

    static let sender = Array("MAIL FROM:<info@dom.example>\r\nRCPT TO:<".utf8)
    static let data = Array(">\r\nDATA\r\n".utf8)
    static let head = Array(
        "From: info@dom.example\r\nSubject: bench\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\nTo: ".utf8)
    static let filler = Array((String(repeating: String(repeating: "x", count: 74) + "\r\n", count: 12)).utf8)
    static let end = Array("\r\n.\r\n".utf8)

    init(port: Int) throws(BenchFailure) {
        handle = curl_easy_init()
        curl_set_text(handle, CURLOPT_URL, "smtp://127.0.0.1:\(port)/dom.example")
        curl_set_text(handle, CURLOPT_PROXY, "")
        curl_set_long(handle, CURLOPT_CONNECT_ONLY, 1)
        curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        guard curl_easy_perform(handle) == CURLE_OK else {
            throw BenchFailure(.unavailable, ru: "приёмник не отвечает", en: "the sink does not answer")
        }
        socket = curl_get_socket(handle)
    }

    deinit { curl_easy_cleanup(handle) }

    func fill(_ next: () -> ThinDatabase.Message?) {
        guard opening == nil, closing == nil else { return }
        open(next)
        flush()
    }

    private func open(_ next: () -> ThinDatabase.Message?) {
        guard let message = next() else { return }
        output += Self.sender
        output += message.address
        output += Self.data
        (opening, expected) = (message, 3)
    }

    func receive(_ ended: inout [Int64], _ next: () -> ThinDatabase.Message?) {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            var count = 0
            let code = curl_easy_recv(handle, &bytes, bytes.count, &count)
            guard code == CURLE_OK, count > 0 else {
                precondition(code == CURLE_AGAIN, "the sink hung up")
                break
            }
            for byte in bytes[..<count] {
                line.append(byte)
                guard byte == 0x0A else { continue }
                // `250-` goes on.
                if line.count > 3, line[3] != UInt8(ascii: "-") { reply(&ended, next) }
                line.removeAll(keepingCapacity: true)
            }
        }
        flush()
    }

    private func reply(_ ended: inout [Int64], _ next: () -> ThinDatabase.Message?) {
        if let message = closing {
            closing = nil
            ended.append(message.id)
            if opening == nil { open(next) }
            return
        }
        expected -= 1
        guard expected == 0, let message = opening else { return }
        output += Self.head
        output += message.address
        output += [0x0D, 0x0A, 0x0D, 0x0A]
        output += message.payload
        output += Self.filler
        output += Self.end
        (opening, closing) = (nil, message)
        open(next)
    }

    private func flush() {
        while !output.isEmpty {
            var count = 0
            let code = output.withUnsafeBytes { curl_easy_send(handle, $0.baseAddress, $0.count, &count) }
            if code == CURLE_OK { output.removeFirst(count) } else { precondition(code == CURLE_AGAIN, "hung up") }
        }
    }
}
