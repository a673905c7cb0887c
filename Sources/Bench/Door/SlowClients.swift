import Foundation
import Glibc
import Synchronization

/// A thousand callers on bad lines: half of them never end their head, the others their body; a byte a second each.
final class SlowClients: Sendable {
    private struct State {
        var sockets: [Int32] = []
        var isOver = false
    }
    private let state = Mutex(State())
    private let port: Int
    private let key: String

    init(_ count: Int, port: Int, key: String) {
        self.port = port
        self.key = key
        let sockets = (0..<count).compactMap { open($0) }
        state.withLock { $0.sockets = sockets }
        // Ends with `stop`, which closes what it writes to.
        Thread.detachNewThread { self.drip() }
    }

    var count: Int { state.withLock { $0.sockets.count } }

    func stop() {
        state.withLock { state in
            state.isOver = true
            for socket in state.sockets { close(socket) }
            state.sockets = []
        }
    }

    private func open(_ number: Int) -> Int32? {
        guard let socket = LoopbackSocket.connect("127.0.0.1", port) else { return nil }
        let head = "POST /v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(key)\r\n"
        let rest = "Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"template\":"
        HTTPLoad.send(Array((number % 2 == 0 ? head : head + rest).utf8), socket)
        return socket
    }

    private func drip() {
        while true {
            sleep(1)
            let isOver = state.withLock { state in
                for place in state.sockets.indices {
                    var byte = UInt8(ascii: "x")
                    // The gateway's patience ends some time; they come again.
                    if Glibc.send(state.sockets[place], &byte, 1, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)) < 1,
                        let again = open(place)
                    {
                        close(state.sockets[place])
                        state.sockets[place] = again
                    }
                }
                return state.isOver
            }
            if isOver { return }
        }
    }
}
