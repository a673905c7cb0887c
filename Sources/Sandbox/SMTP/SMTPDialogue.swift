import Domain
import Foundation
import NIOCore

/// One SMTP session as a state machine: a line goes in, what to do comes out. It owns no socket and no timer, so every
/// sequence of commands can be tried without either. RFC 5321, 3207 (STARTTLS), 4954 (AUTH), 2920 (PIPELINING),
/// 1870 (SIZE), 6152 (8BITMIME), 2034 (enhanced codes). SMTPUTF8 is not offered.
struct SMTPDialogue {
    /// What the shell does next. Replies may be several lines, without the last CRLF.
    enum Step: Equatable {
        case nothing
        case reply(String)
        /// Say it, then close.
        case end(String)
        /// Say it, forget what came along in plain text, begin TLS.
        case beginTLS(String)
        /// Close without a word.
        case cut
        /// Keep the connection, never say another word.
        case fallSilent
    }

    private enum Phase { case commands, content, login(LoginStep) }
    private enum LoginStep { case plain, user, password(user: String) }

    static let sizeLimit = 25 << 20
    private static let lineLimit = 998

    private let surroundings: SMTPSurroundings
    private var phase = Phase.commands
    private var greeted = false
    private var secured = false
    private var authenticated = false
    private var envelope: Envelope?
    private var content: [UInt8] = []
    private var contentFault: String?

    struct Envelope {
        var from: String
        var to: [String] = []
    }

    init(_ surroundings: SMTPSurroundings) {
        self.surroundings = surroundings
    }

    static let greeting = "220 localhost ESMTP Vestnik sandbox"

    /// A line without its CRLF.
    mutating func take(_ line: ByteBufferView) -> Step {
        switch phase {
        case .content: return takeContent(line)
        case .login(let step): return takeLogin(step, line)
        case .commands:
            return takeCommand(String(decoding: line, as: UTF8.self), isASCII: line.allSatisfy { $0 < 0x80 })
        }
    }

    /// A line ended with LF alone, or a CR stood alone in it: the classic way to smuggle a second mail. Not forgiven.
    mutating func takeBareLineBreak() -> Step {
        let reply = "521 5.5.2 Bare line break received, closing connection"
        if case .content = phase { _ = keep(arrived: false, answer: reply) }
        return .end(reply)
    }

    mutating func securedNow() {
        secured = true
        greeted = false
        authenticated = false
        envelope = nil
    }

    // MARK: Commands

    private mutating func takeCommand(_ line: String, isASCII: Bool) -> Step {
        guard isASCII else { return .reply("500 5.5.2 Commands are ASCII; SMTPUTF8 is not offered") }
        let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let argument = words.count > 1 ? String(words[1]) : ""
        switch words.first.map({ $0.uppercased() }) ?? "" {
        case "EHLO": return hello(argument, extended: true)
        case "HELO": return hello(argument, extended: false)
        case "STARTTLS": return startTLS(argument)
        case "AUTH": return auth(argument)
        case "MAIL": return mail(argument)
        case "RCPT": return recipient(argument)
        case "DATA": return data(argument)
        case "RSET":
            envelope = nil
            return .reply("250 2.0.0 Reset")
        case "NOOP": return .reply("250 2.0.0 OK")
        case "VRFY": return .reply("252 2.5.0 Cannot verify, try to send")
        case "QUIT": return .end("221 2.0.0 Bye")
        default: return .reply("500 5.5.2 Command not recognized")
        }
    }

    private mutating func hello(_ name: String, extended: Bool) -> Step {
        guard !name.isEmpty else { return .reply("501 5.5.4 Your name is missing") }
        greeted = true
        envelope = nil
        guard extended else { return .reply("250 localhost") }
        var lines = ["localhost", "PIPELINING", "SIZE \(Self.sizeLimit)", "8BITMIME", "ENHANCEDSTATUSCODES"]
        if !secured { lines.append("STARTTLS") }
        lines.append("AUTH PLAIN LOGIN")
        let last = lines.count - 1
        return .reply(
            lines.enumerated().map { "250\($0.offset == last ? " " : "-")\($0.element)" }.joined(separator: "\r\n"))
    }

    private mutating func startTLS(_ argument: String) -> Step {
        guard argument.isEmpty else { return .reply("501 5.5.4 STARTTLS has no argument") }
        guard !secured else { return .reply("503 5.5.1 Already in TLS") }
        guard greeted else { return .reply("503 5.5.1 Say EHLO first") }
        return .beginTLS("220 2.0.0 Ready to start TLS")
    }

    private mutating func mail(_ argument: String) -> Step {
        guard greeted else { return .reply("503 5.5.1 Say EHLO first") }
        guard surroundings.login == nil || authenticated else { return .reply("530 5.7.0 Authentication required") }
        guard envelope == nil else { return .reply("503 5.5.1 A mail is already open") }
        guard let (address, parameters) = SMTPPath.parse(argument, keyword: "FROM:") else {
            return .reply("501 5.5.4 Syntax: MAIL FROM:<address>")
        }
        for parameter in parameters {
            switch parameter.name {
            case "SIZE":
                guard let size = Int(parameter.value) else { return .reply("501 5.5.4 SIZE needs a number") }
                if size > Self.sizeLimit { return .reply("552 5.3.4 Message too big") }
            case "BODY":
                guard ["7BIT", "8BITMIME"].contains(parameter.value) else { return .reply("501 5.5.4 Unknown BODY") }
            case "AUTH": continue
            default: return .reply("555 5.5.4 Unknown parameter \(parameter.name)")
            }
        }
        if surroundings.strikes(.throttle) { return .reply("450 4.7.0 Too many messages, try again later") }
        envelope = Envelope(from: address)
        return .reply("250 2.1.0 OK")
    }

    private mutating func recipient(_ argument: String) -> Step {
        guard envelope != nil else { return .reply("503 5.5.1 Say MAIL first") }
        guard let (address, parameters) = SMTPPath.parse(argument, keyword: "TO:"), address.contains("@") else {
            return .reply("501 5.1.3 Syntax: RCPT TO:<address>")
        }
        guard parameters.isEmpty else { return .reply("555 5.5.4 RCPT takes no parameters here") }
        guard (envelope?.to.count ?? 0) < 1_000 else { return .reply("452 4.5.3 Too many recipients") }
        let magic = MagicMailbox(address: address)
        let refusal = magic == .grey ? surroundings.greylist(envelope?.from ?? "", address) : magic?.recipientReply
        guard let refusal else {
            envelope?.to.append(address)
            return .reply("250 2.1.5 OK")
        }
        surroundings.noteRefused(from: envelope?.from ?? "", to: address, answer: refusal)
        return magic == .busy ? .end(refusal) : .reply(refusal)
    }

    private mutating func data(_ argument: String) -> Step {
        guard argument.isEmpty else { return .reply("501 5.5.4 DATA has no argument") }
        guard let envelope else { return .reply("503 5.5.1 Say MAIL first") }
        guard !envelope.to.isEmpty else { return .reply("554 5.5.1 No valid recipients") }
        phase = .content
        content = []
        contentFault = nil
        return .reply("354 End data with <CR><LF>.<CR><LF>")
    }

    // MARK: AUTH

    private mutating func auth(_ argument: String) -> Step {
        guard greeted else { return .reply("503 5.5.1 Say EHLO first") }
        guard !authenticated, envelope == nil else { return .reply("503 5.5.1 Not now") }
        let words = argument.split(separator: " ").map(String.init)
        switch (words.first?.uppercased(), words.count) {
        case ("PLAIN", 2): return plain(words[1])
        case ("PLAIN", 1):
            phase = .login(.plain)
            return .reply("334 ")
        case ("LOGIN", 2): return askPassword(words[1])
        case ("LOGIN", 1):
            phase = .login(.user)
            return .reply("334 VXNlcm5hbWU6")
        default: return .reply("504 5.5.4 Unknown mechanism")
        }
    }

    private mutating func takeLogin(_ step: LoginStep, _ line: ByteBufferView) -> Step {
        phase = .commands
        let line = String(decoding: line, as: UTF8.self)
        if line == "*" { return .reply("501 5.7.0 Authentication cancelled") }
        switch step {
        case .plain: return plain(line)
        case .user: return askPassword(line)
        case .password(let user):
            guard let password = Self.decoded(line) else { return .reply("501 5.5.2 Not base64") }
            return conclude(user: user, password: password)
        }
    }

    private mutating func askPassword(_ user: String) -> Step {
        guard let user = Self.decoded(user) else { return .reply("501 5.5.2 Not base64") }
        phase = .login(.password(user: user))
        return .reply("334 UGFzc3dvcmQ6")
    }

    /// RFC 4616: authorization id, NUL, name, NUL, password.
    private mutating func plain(_ response: String) -> Step {
        guard let text = Self.decoded(response) else { return .reply("501 5.5.2 Not base64") }
        let parts = text.split(separator: "\0", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return .reply("501 5.5.2 PLAIN needs three parts") }
        return conclude(user: String(parts[1]), password: String(parts[2]))
    }

    private mutating func conclude(user: String, password: String) -> Step {
        let known =
            surroundings.login.map { $0.user.sameBytes(as: user) && $0.password.sameBytes(as: password) } ?? true
        guard known else { return .reply("535 5.7.8 Authentication credentials invalid") }
        authenticated = true
        return .reply("235 2.7.0 Authentication successful")
    }

    private static func decoded(_ base64: String) -> String? {
        base64 == "=" ? "" : Data(base64Encoded: base64).flatMap { String(data: $0, encoding: .utf8) }
    }

    // MARK: Content

    private mutating func takeContent(_ line: ByteBufferView) -> Step {
        if line.elementsEqual(CollectionOfOne(UInt8(ascii: "."))) { return endContent() }
        // RFC 5321 4.5.2: the first of leading dots was put there by the sender.
        let line = line.first == UInt8(ascii: ".") ? line.dropFirst() : line
        if line.count > Self.lineLimit { contentFault = contentFault ?? "554 5.6.0 Line longer than 998 octets" }
        guard content.count + line.count + 2 <= Self.sizeLimit else {
            contentFault = "552 5.3.4 Message too big"
            return .nothing
        }
        content.append(contentsOf: line)
        content.append(contentsOf: [13, 10])
        return .nothing
    }

    private mutating func endContent() -> Step {
        phase = .commands
        defer {
            envelope = nil
            content = []
        }
        let magic = (envelope?.to ?? []).compactMap { MagicMailbox(address: $0) }
        if let refusal = contentFault ?? headerFault ?? magic.compactMap(\.contentReply).first {
            return keep(arrived: false, answer: refusal) ?? .reply(refusal)
        }
        let fault = surroundings.fault(after: magic)
        switch fault {
        case .silence: return keep(arrived: true, answer: "—") ?? .fallSilent
        case .cut: return keep(arrived: true, answer: "—") ?? .cut
        case .fail:
            let refusal = "451 4.3.0 Local error, try again later"
            return keep(arrived: false, answer: refusal) ?? .reply(refusal)
        case .refuse, .throttle, nil:
            let answer = "250 2.0.0 OK queued as \(surroundings.ticket())"
            return keep(arrived: true, answer: answer) ?? .reply(answer)
        }
    }

    /// RFC 6531: 8-bit header fields need SMTPUTF8, which we did not offer.
    private var headerFault: String? {
        var previous: UInt8 = 0
        for byte in content {
            if byte >= 0x80 { return "554 5.6.7 Non-ASCII bytes in header fields without SMTPUTF8" }
            if byte == 13, previous == 10 { return nil }
            previous = byte
        }
        return nil
    }

    /// nil when all is well; a reply when the witness could not write, since then nothing may be promised.
    private func keep(arrived: Bool, answer: String) -> Step? {
        guard let envelope else { return nil }
        let kept = surroundings.keep(envelope, content: content, arrived: arrived, answer: answer)
        return kept ? nil : .reply("451 4.3.0 The sandbox cannot write its log")
    }
}
