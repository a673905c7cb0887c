import Foundation

/// Programs that we did not write, to be examined by. On a developer's machine a missing one is said and skipped; with
/// CI=true it fails the test.
enum Stranger: String, CaseIterable {
    case smtpSink = "/usr/sbin/smtp-sink"
    case python = "/usr/bin/python3"
    case bearerbox = "/usr/sbin/bearerbox"
    case smsbox = "/usr/sbin/smsbox"
    case fakesmsc = "/usr/lib/kannel/test/fakesmsc"

    var isHere: Bool { FileManager.default.isExecutableFile(atPath: rawValue) }
    var url: URL { URL(filePath: rawValue) }

    static var demanded: Bool { ProcessInfo.processInfo.environment["CI"] == "true" }
    static func areHere(_ strangers: Stranger...) -> Bool { demanded || strangers.allSatisfy(\.isHere) }

    static let aiosmtpd: Bool = {
        let check = Process()
        check.executableURL = Stranger.python.url
        check.arguments = ["-c", "import aiosmtpd"]
        check.standardError = FileHandle.nullDevice
        guard (try? check.run()) != nil else { return false }
        check.waitUntilExit()
        return check.terminationStatus == 0
    }()
}

/// A loopback port nobody listens on at this moment.
func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
            bind(descriptor, raw, length) == 0 && getsockname(descriptor, raw, &length) == 0
        }
    }
    guard bound else { throw HarnessError("no free port") }
    return Int(UInt16(bigEndian: address.sin_port))
}

/// Waits until somebody listens.
func listening(on port: Int, within seconds: Double = 15) async throws {
    let deadline = Date().addingTimeInterval(seconds)
    while Date() < deadline {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        if connected { return }
        try await Task.sleep(for: .milliseconds(50))
    }
    throw HarnessError("nobody listens on \(port)")
}

/// What Python's own email package makes of a mail.
struct ParsedMail: Decodable {
    var subject: String
    var from: String
    var to: String
    var text: String
    var html: String
    var attachments: [String]
    var messageID: String
    var defects: Int

    static func read(_ file: String) async throws -> ParsedMail {
        let script = """
            import email, email.policy, json, sys
            with open(sys.argv[1], 'rb') as f: m = email.message_from_binary_file(f, policy=email.policy.default)
            def body(kind):
                part = m.get_body(preferencelist=(kind,))
                return part.get_content() if part else ''
            defects = len(m.defects) + sum(len(p.defects) for p in m.walk()) + sum(len(v.defects) for v in m.values())
            print(json.dumps(dict(subject=str(m['subject']), **{'from': str(m['from'])}, to=str(m['to']), text=body('plain'),
                html=body('html'), attachments=[a.get_filename() for a in m.iter_attachments()],
                messageID=str(m['message-id']), defects=defects)))
            """
        let python = try Running(["-c", script, file], program: Stranger.python.url)
        guard try await python.end(within: 20) == 0 else { throw HarnessError(python.err.text) }
        return try JSONDecoder().decode(ParsedMail.self, from: Data(python.out.text.utf8))
    }
}
