import Foundation
import Synchronization

/// Puts TLS in front of a scripted peer, so that every fault of the tables can be had under TLS as well: Python's own
/// TLS, one process for the suite. FIN stays FIN (without a close_notify, as programs that die leave it), RST stays RST.
final class TLSFront: Sendable {
    enum Speech: String, Sendable { case starttls, tls }

    static let shared = try! TLSFront()
    private let process: Process
    private let life = Pipe()
    private let pipes: Mutex<(orders: FileHandle, answers: FileHandle)>

    private init() throws {
        signal(SIGPIPE, SIG_IGN)
        let output = Pipe()
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-u", "-c", Self.program, Certificates.shared.certificate(.good), Certificates.shared.key,
        ]
        process.standardInput = life
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        pipes = Mutex((life.fileHandleForWriting, output.fileHandleForReading))
    }

    /// - Returns: the port behind which `port` stands.
    func port(_ speech: Speech, before port: Int) -> Int {
        pipes.withLock { pipes in
            try? pipes.orders.write(contentsOf: Data("\(speech.rawValue) \(port)\n".utf8))
            var line = ""
            while !line.utf8.contains(10), let byte = try? pipes.answers.read(upToCount: 1), !byte.isEmpty {
                line += String(decoding: byte, as: UTF8.self)
            }
            return Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        }
    }

    private static let program = #"""
        import os, select, socket, ssl, struct, sys, threading
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*sys.argv[1:3])

        def reset(conn):
            conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            conn.close()

        # In clear up to STARTTLS; what the peer behind says first was said here already.
        def agree(conn, peer):
            stream = peer.makefile("rb", buffering=0)
            conn.sendall(b"220 front\r\n")
            heard = b""
            while not heard.endswith(b"\r\n"): heard += conn.recv(1) or exit()
            conn.sendall(b"250-front\r\n250 STARTTLS\r\n")
            heard = b""
            while not heard.endswith(b"\r\n"): heard += conn.recv(1) or exit()
            conn.sendall(b"220 go\r\n")
            stream.readline()

        # One thread a connection: OpenSSL's connections are not for two at once.
        def carry(conn, peer):
            watched = [conn, peer]
            while True:
                ready = [conn] if conn.pending() else select.select(watched, [], [])[0]
                if conn in ready:
                    data = conn.recv(65536)
                    if data: peer.sendall(data)
                    else:
                        watched = [peer]
                        peer.shutdown(socket.SHUT_WR)
                if peer in ready:
                    data = peer.recv(65536)
                    if not data: return
                    conn.sendall(data)

        def serve(conn, speech, port):
            peer = socket.create_connection(("127.0.0.1", port))
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                if speech == "starttls": agree(conn, peer)
                conn = context.wrap_socket(conn, server_side=True)
                carry(conn, peer)
            except ConnectionResetError: reset(conn)
            except (OSError, SystemExit): pass
            # No `unwrap`: nobody says goodbye here.
            conn.close()
            peer.close()

        def listen(listening, speech, port):
            while True:
                conn, _ = listening.accept()
                threading.Thread(target=serve, args=(conn, speech, port), daemon=True).start()

        for line in sys.stdin:
            speech, port = line.split()
            listening = socket.create_server(("127.0.0.1", 0), backlog=512)
            print(listening.getsockname()[1])
            threading.Thread(target=listen, args=(listening, speech, int(port)), daemon=True).start()
        os._exit(0)
        """#
}
