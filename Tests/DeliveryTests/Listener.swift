import Foundation
import Glibc
import Synchronization

/// The other side of the wire, byte by byte: a listening socket on loopback and one thread per connection. It records
/// every byte it reads and shares no code with what is tested.
final class Listener: Sendable {
    let port: Int
    private let socket: Int32
    private let counts = Mutex((connections: 0, alive: true))

    init(_ serve: @escaping @Sendable (Connection) -> Void) {
        signal(SIGPIPE, SIG_IGN)
        let listening = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listening, $0, length) == 0 && listen(listening, 512) == 0
                    && getsockname(listening, $0, &length) == 0
            }
        }
        precondition(bound, "no socket on loopback")
        socket = listening
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let accepted = accept(listening, nil, nil)
                // Closed here and nowhere else: a number closed under `accept` may be another test's socket by then.
                guard accepted >= 0, let self else {
                    if accepted >= 0 { Glibc.close(accepted) }
                    Glibc.close(listening)
                    return
                }
                var yes: Int32 = 1
                setsockopt(accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
                let index = self.counts.withLock { counts in
                    counts.connections += 1
                    return counts.connections - 1
                }
                Thread.detachNewThread { serve(Connection(accepted, index)) }
            }
        }
    }

    var connections: Int { counts.withLock(\.connections) }

    /// From now on connecting is refused.
    func close() {
        let first = counts.withLock { counts in
            defer { counts.alive = false }
            return counts.alive
        }
        guard first else { return }
        shutdown(socket, Int32(SHUT_RDWR))
    }

    deinit { close() }
}

/// One accepted connection, used by its own thread only.
final class Connection: @unchecked Sendable {
    let index: Int
    private let socket: Int32
    private var buffer: [UInt8] = []
    private var isOpen = true

    init(_ socket: Int32, _ index: Int) {
        self.socket = socket
        self.index = index
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close() }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while isOpen, !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Everything up to and including `end`; nil when the other side has closed or is silent.
    func read(until end: String) -> [UInt8]? {
        let mark = Array(end.utf8)
        var searched = 0
        while true {
            if let found = Self.find(mark, in: buffer, from: searched) {
                defer { buffer.removeFirst(found) }
                return Array(buffer[..<found])
            }
            searched = max(0, buffer.count - mark.count)
            guard fill() else { return nil }
        }
    }

    func read(_ count: Int) -> [UInt8]? {
        while buffer.count < count { guard fill() else { return nil } }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// Until the other side has closed.
    func readToEnd() -> [UInt8] {
        while fill() {}
        return buffer
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(socket)
    }

    /// RST instead of FIN.
    func reset() {
        guard isOpen else { return }
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    private func fill() -> Bool {
        guard isOpen else { return false }
        var room = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &room, room.count, 0)
        guard count > 0 else { return false }
        buffer += room[..<count]
        return true
    }

    private static func find(_ mark: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= mark.count else { return nil }
        for index in start...(bytes.count - mark.count) where bytes[index..<index + mark.count].elementsEqual(mark) {
            return index + mark.count
        }
        return nil
    }
}

/// What a scripted server does at one step.
enum Act: Sendable {
    case say(String)
    /// Every byte by itself.
    case drip(String)
    case pause(Duration)
    case fin, reset
    /// Says nothing more and reads on until the other side gives up.
    case hang
    /// Reads so many bytes first.
    case read(Int)
}

extension Connection {
    /// - Returns: whether the conversation goes on.
    func perform(_ acts: [Act]) -> Bool {
        for act in acts {
            switch act {
            case .say(let text): send(text)
            case .drip(let text):
                for byte in text.utf8 {
                    send([byte])
                    usleep(500)
                }
            case .pause(let time):
                usleep(UInt32(time.components.seconds * 1_000_000 + time.components.attoseconds / 1_000_000_000_000))
            case .fin:
                close()
                return false
            case .reset:
                reset()
                return false
            case .hang:
                _ = readToEnd()
                return false
            case .read(let count): _ = read(count)
            }
        }
        return true
    }
}
