import Foundation

/// Certificates made by the `openssl` program in a folder of their own, once for the suite.
struct Certificates: Sendable {
    enum Kind: String, Sendable, CaseIterable { case good, expired, wrongName }

    static let shared = Certificates()
    let folder: URL
    var authority: String { folder.appending(path: "ca.pem").path }
    var otherAuthority: String { folder.appending(path: "other.pem").path }
    func certificate(_ kind: Kind) -> String { folder.appending(path: "\(kind.rawValue).pem").path }
    var key: String { folder.appending(path: "server.key").path }

    private init() {
        folder = FileManager.default.temporaryDirectory.appending(path: "delivery-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script = """
            set -e
            cd '\(folder.path)'
            for ca in ca other; do
                openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=$ca -keyout $ca.key -out $ca.pem
            done
            openssl req -newkey rsa:2048 -nodes -subj /CN=server -keyout server.key -out server.csr
            sign() {
                printf 'subjectAltName=%s\\n' "$2" > ext
                openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days "$3" -extfile ext -out "$1.pem"
            }
            sign good IP:127.0.0.1 2
            sign wrongName DNS:mail.example 2
            sign expired IP:127.0.0.1 -1
            """
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", script]
        shell.standardError = FileHandle.nullDevice
        shell.standardOutput = FileHandle.nullDevice
        try? shell.run()
        shell.waitUntilExit()
    }
}

/// A peer with TLS that shares nothing with us: Python's own modules. Speaks SMTP with STARTTLS, SMTP within TLS, or
/// HTTPS; prints its port first and then a line for all that reached it after TLS.
final class TLSPeer: Sendable {
    enum Speech: String, Sendable { case starttls, smtps, https }

    private let process: Process
    private let life = Pipe()
    private let output: FileHandle
    let port: Int
    private let lines = Shared<[String]>([])
    var heard: [String] { lines.value }

    init(_ speech: Speech, _ kind: Certificates.Kind = .good) throws {
        signal(SIGPIPE, SIG_IGN)
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-u", "-c", Self.program, speech.rawValue, Certificates.shared.certificate(kind),
            Certificates.shared.key,
        ]
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        // The peer ends when this pipe does, however the test ends.
        process.standardInput = life
        try process.run()
        self.process = process
        output = pipe.fileHandleForReading
        var first = ""
        while !first.utf8.contains(10), let byte = try output.read(upToCount: 1), !byte.isEmpty {
            first += String(decoding: byte, as: UTF8.self)
        }
        port = Int(first.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        let (lines, output) = (lines, output)
        Thread.detachNewThread {
            var rest: [UInt8] = []
            while case let data = output.availableData, !data.isEmpty {
                rest += data
                while let end = rest.firstIndex(of: 10) {
                    let line = String(decoding: rest[..<end], as: UTF8.self)
                    lines.change { $0.append(line) }
                    rest.removeFirst(end + 1)
                }
            }
        }
    }

    deinit {
        try? life.fileHandleForWriting.close()
        kill(process.processIdentifier, SIGKILL)
    }

    private static let program = #"""
        import os, socket, ssl, sys, threading, time
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        speech, cert, key = sys.argv[1:4]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        listening = socket.create_server(("127.0.0.1", 0))
        print(listening.getsockname()[1])

        # One write a line: several threads speak.
        def tell(text): sys.stdout.write(text + "\n")

        def smtp(conn, secure):
            stream = conn.makefile("rb")
            def say(text): conn.sendall((text + "\r\n").encode())
            if secure != "again": say("220 peer")
            while True:
                line = stream.readline()
                if not line: return
                word = line.split()[0].upper()
                if secure: tell(line.decode().strip())
                if word == b"EHLO":
                    # Only the second half is true after TLS, and in one packet with two replies.
                    say("250-peer\r\n250-SIZE 10000000\r\n250 PIPELINING" if secure else "250-peer\r\n250-SIZE 5\r\n250 STARTTLS")
                elif word == b"STARTTLS":
                    say("220 go")
                    return smtp(context.wrap_socket(conn, server_side=True), "again")
                elif word == b"DATA":
                    say("354 go")
                    time.sleep(0.02)
                    count = 0
                    while True:
                        line = stream.readline()
                        if not line: return
                        if line == b".\r\n": break
                        count += len(line)
                        if line.startswith(b"canary"): tell(line.decode().strip())
                    if count > 10000: tell("size %d" % count)
                    say("250 2.0.0 Ok: queued as TLS1")
                elif word == b"QUIT":
                    return say("221 bye")
                else: say("250 ok")

        def serve(conn):
            try:
                if speech == "starttls": return smtp(conn, False)
                conn = context.wrap_socket(conn, server_side=True)
                if speech == "smtps": return smtp(conn, True)
                while True:
                    head = b""
                    while not head.endswith(b"\r\n\r\n"):
                        byte = conn.recv(1)
                        if not byte: return
                        head += byte
                    tell(head.split(b"\r\n")[0].decode())
                    conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nid=7")
            except OSError: pass
            finally: conn.close()

        while True:
            conn, _ = listening.accept()
            threading.Thread(target=serve, args=(conn,), daemon=True).start()
        """#
}
