import Glibc

/// One connection of the sink: bytes in, replies out. Belongs to the thread of its sink.
final class SinkConnection {
    enum Talk {
        case smtp(SMTPTalk)
        case http(HTTPTalk)
    }
    private static let room = 65_536

    let descriptor: Int32
    private var talk: Talk
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 16)
    private var filled = 0
    /// Replies that could not leave yet.
    private var output: [UInt8] = []
    private(set) var isOver = false

    init(_ descriptor: Int32, _ talk: Talk) {
        self.descriptor = descriptor
        self.talk = talk
    }

    deinit {
        buffer.deallocate()
        close(descriptor)
    }

    /// What one reading found.
    struct News {
        var bytes = 0
        var mails = 0
        var requests = 0
        var malformed = 0
        /// The other side has hung up.
        var ended = false
        /// There may be more: the buffer was full.
        var again = false
    }

    func read(_ replies: inout [UInt8]) -> News {
        var news = News()
        guard let base = buffer.baseAddress else { return news }
        let room = buffer.count - filled
        let count = recv(descriptor, base + filled, room, Int32(MSG_DONTWAIT))
        guard count > 0 else {
            news.ended = count == 0 || (errno != EAGAIN && errno != EINTR)
            return news
        }
        news.bytes = count
        news.again = count == room
        filled += count
        let bytes = UnsafeRawBufferPointer(start: base, count: filled)
        let done = hear(bytes, &replies, &news)
        if done < filled, done > 0 { memmove(base, base + done, filled - done) }
        filled -= done
        return news
    }

    private func hear(_ bytes: UnsafeRawBufferPointer, _ replies: inout [UInt8], _ news: inout News) -> Int {
        switch talk {
        case .smtp(var smtp):
            let done = smtp.hear(bytes, &replies)
            (news.mails, news.malformed, isOver) = (smtp.taken, smtp.malformed, smtp.isOver)
            talk = .smtp(smtp)
            return done
        case .http(var http):
            let done = http.hear(bytes, &replies)
            (news.requests, news.malformed, isOver) = (http.taken, http.malformed, http.isOver)
            talk = .http(http)
            return done
        }
    }

    /// - Returns: whether all has left; otherwise the socket is to be watched for room.
    func write(_ bytes: [UInt8]) -> Bool {
        if output.isEmpty {
            let sent = push(bytes[...])
            if sent == bytes.count { return true }
            output = Array(bytes[sent...])
            return false
        }
        output += bytes
        return flush()
    }

    func flush() -> Bool {
        let sent = push(output[...])
        output.removeFirst(sent)
        return output.isEmpty
    }

    private func push(_ bytes: ArraySlice<UInt8>) -> Int {
        let sent = bytes.withUnsafeBytes {
            send(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
        }
        return max(0, sent)
    }
}
