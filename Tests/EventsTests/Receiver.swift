import Foundation
import Synchronization

/// A receiver that shares nothing with us: Python's own server, and a verifier written from the specification. The path
/// says how it behaves; each request becomes a line of what it made of it.
final class Receiver: Sendable {
    struct Line: Decodable, Sendable {
        var path: String
        var id: String?
        var verified: Int?
        var type: String?
    }
    private let process: Process
    private let life = Pipe()
    private let found = Mutex<[Line]>([])
    let port: Int
    var lines: [Line] { found.withLock { $0 } }
    func url(_ path: String, host: String = "127.0.0.1") -> String { "http://\(host):\(port)/\(path)" }

    init() throws {
        process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-u", "-c", Self.program]
        process.standardOutput = output
        // It ends when this pipe does, however the test ends.
        process.standardInput = life
        try process.run()
        let reading = output.fileHandleForReading
        var first = ""
        while !first.utf8.contains(10), let byte = try reading.read(upToCount: 1), !byte.isEmpty {
            first += String(decoding: byte, as: UTF8.self)
        }
        port = Int(first.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        Thread.detachNewThread { [weak self] in
            var rest: [UInt8] = []
            while case let data = reading.availableData, !data.isEmpty {
                rest += data
                while let end = rest.firstIndex(of: 10) {
                    let line = Data(rest[..<end])
                    rest.removeFirst(end + 1)
                    guard let line = try? JSONDecoder().decode(Line.self, from: line) else { continue }
                    self?.found.withLock { $0.append(line) }
                }
            }
        }
    }

    /// The secrets a signature may be made with, the order counts: `verified` is a set of bits.
    func learn(_ secrets: [String]) throws {
        try life.fileHandleForWriting.write(contentsOf: Data((secrets.joined(separator: " ") + "\n").utf8))
    }

    deinit {
        try? life.fileHandleForWriting.close()
        kill(process.processIdentifier, SIGKILL)
    }

    private static let program = #"""
        import base64, hashlib, hmac, http.server, json, os, sys, threading, time
        secrets = []
        # Where it is installed the library of the specification's authors says yes or no instead (pip install
        # standardwebhooks, PYTHONPATH); it must not mind the clock, which is the test's.
        try:
            from datetime import datetime, timezone
            from standardwebhooks import Webhook
            Webhook._Webhook__verify_timestamp = lambda self, at: datetime.fromtimestamp(float(at), tz=timezone.utc)
        except ImportError: Webhook = None

        def judge(secret, headers, name, at, given, body):
            if Webhook:
                try: return Webhook(secret).verify(body, dict(headers)) is not None
                except Exception: return False
            mac = hmac.new(secret, name.encode() + b"." + at.encode() + b"." + body, hashlib.sha256).digest()
            return "v1," + base64.b64encode(mac).decode() in given

        def learn():
            for line in sys.stdin:
                secrets[:] = [base64.b64decode(word.split("_", 1)[1]) for word in line.split()]
            os._exit(0)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                name, at = self.headers["webhook-id"], self.headers["webhook-timestamp"]
                given = self.headers["webhook-signature"].split(" ")
                bits = 0
                for place, secret in enumerate(secrets):
                    if judge(secret, self.headers, name, at, given, body) and len(given) <= 2: bits |= 1 << place
                kind = self.path.split("/")[1]
                sys.stdout.write(json.dumps({"path": self.path, "id": name, "verified": bits,
                                             "type": json.loads(body).get("type"), "library": bool(Webhook)}) + "\n")
                self.close_connection = kind in ("endless", "drip", "silent")
                if kind == "redirect":
                    self.send_response(302); self.send_header("Location", "/followed")
                    self.send_header("Content-Length", "0"); self.end_headers()
                elif kind == "endless":
                    self.send_response(200); self.end_headers()
                    try:
                        while True: self.wfile.write(b"x" * 65536)
                    except OSError: pass
                elif kind == "drip":
                    self.send_response(200); self.end_headers()
                    try:
                        while True: self.wfile.write(b"x"); self.wfile.flush(); time.sleep(0.05)
                    except OSError: pass
                elif kind == "silent": time.sleep(60)
                else:
                    self.send_response(int(kind) if kind.isdigit() else 200)
                    self.send_header("Content-Length", "0"); self.end_headers()
            do_GET = do_POST
            def log_message(self, *_): pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 64
        server = Server(("127.0.0.1", 0), Handler)
        print(server.server_port)
        threading.Thread(target=learn, daemon=True).start()
        server.serve_forever()
        """#
}
