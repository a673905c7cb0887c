import Glibc

/// The far side of one SMTP session, as a server that takes everything: it answers each command in its order, offers
/// PIPELINING, finds the end of a mail past doubled dots, and keeps nothing.
struct SMTPTalk {
    private enum Phase { case commands, content }
    private enum Envelope { case closed, greeted, sender, recipient }

    static let greeting = Array("220 sink ESMTP\r\n".utf8)
    /// Room for a command line (RFC 5321 §4.5.3.1.4 asks for 512 octets).
    static let longestLine = 4096

    private var phase = Phase.commands
    private var envelope = Envelope.closed
    /// Of the content: whether the next byte begins a line, and whether the last one was a CR.
    private var lineStart = true
    private var afterCR = false
    /// Since `hear` began.
    private(set) var taken = 0
    private(set) var malformed = 0
    private(set) var isOver = false

    private static let cr = UInt8(ascii: "\r"), lf = UInt8(ascii: "\n"), dot = UInt8(ascii: ".")
    private static let ok = Array("250 2.0.0 OK\r\n".utf8)
    private static let begin = Array("354 go on\r\n".utf8)
    private static let outOfOrder = Array("503 5.5.1 not now\r\n".utf8)
    private static let unknown = Array("500 5.5.2 what?\r\n".utf8)
    private static let tooLong = Array("500 5.5.2 line too long\r\n".utf8)
    private static let offers = Array("250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 52428800\r\n".utf8)
    private static let bye = Array("221 2.0.0 bye\r\n".utf8)

    /// - Returns: how many of the bytes are done with; the rest comes again with what follows it.
    mutating func hear(_ bytes: UnsafeRawBufferPointer, _ out: inout [UInt8]) -> Int {
        (taken, malformed) = (0, 0)
        var at = 0
        while at < bytes.count, !isOver {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[at...])
            let done =
                switch phase {
                case .commands: command(rest, &out)
                case .content: content(rest, &out)
                }
            if done == 0 { break }
            at += done
        }
        return at
    }

    // MARK: Commands

    private mutating func command(_ bytes: UnsafeRawBufferPointer, _ out: inout [UInt8]) -> Int {
        guard let base = bytes.baseAddress, let end = memchr(base, Int32(Self.lf), bytes.count) else {
            guard bytes.count > Self.longestLine else { return 0 }
            malformed += 1
            out += Self.tooLong
            isOver = true
            return bytes.count
        }
        let length = UnsafeRawPointer(end) - base + 1
        answer(UnsafeRawBufferPointer(rebasing: bytes[..<length]), &out)
        return length
    }

    private mutating func answer(_ line: UnsafeRawBufferPointer, _ out: inout [UInt8]) {
        guard line.count >= 6 else { return refuse(Self.unknown, &out) }
        // Four letters as one number, in upper case.
        let verb = (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(line[$1] & 0xDF) }
        switch verb {
        case Verb.ehlo:
            envelope = .greeted
            out += Self.offers
        case Verb.helo, Verb.rset:
            if verb == Verb.helo || envelope != .closed { envelope = .greeted }
            out += Self.ok
        case Verb.mail where envelope == .greeted: advance(to: .sender, &out)
        case Verb.rcpt where envelope == .sender || envelope == .recipient: advance(to: .recipient, &out)
        case Verb.data where envelope == .recipient:
            out += Self.begin
            (phase, lineStart, afterCR) = (.content, true, false)
        case Verb.noop: out += Self.ok
        case Verb.quit:
            out += Self.bye
            isOver = true
        case Verb.mail, Verb.rcpt, Verb.data: refuse(Self.outOfOrder, &out)
        default: refuse(Self.unknown, &out)
        }
    }

    private mutating func advance(to next: Envelope, _ out: inout [UInt8]) {
        envelope = next
        out += Self.ok
    }

    private mutating func refuse(_ reply: [UInt8], _ out: inout [UInt8]) {
        malformed += 1
        out += reply
    }

    private enum Verb {
        static let ehlo = word("EHLO"), helo = word("HELO"), mail = word("MAIL"), rcpt = word("RCPT")
        static let data = word("DATA"), rset = word("RSET"), noop = word("NOOP"), quit = word("QUIT")
        private static func word(_ text: StaticString) -> UInt32 {
            (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(text.utf8Start[$1]) }
        }
    }

    // MARK: Content

    /// Line by line: only a line that is a lone dot between two CR LF ends a mail.
    private mutating func content(_ bytes: UnsafeRawBufferPointer, _ out: inout [UInt8]) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var at = 0
        while at < bytes.count {
            if lineStart, bytes[at] == Self.dot {
                guard bytes.count - at >= 3 else { return at }
                if bytes[at + 1] == Self.cr, bytes[at + 2] == Self.lf {
                    taken += 1
                    (phase, envelope) = (.commands, .greeted)
                    out += Self.ok
                    return at + 3
                }
            }
            guard let found = memchr(base + at, Int32(Self.lf), bytes.count - at) else {
                (lineStart, afterCR) = (false, bytes[bytes.count - 1] == Self.cr)
                return bytes.count
            }
            let lineEnd = UnsafeRawPointer(found) - base
            // A bare LF ends no line: a server that thought so could be made to read content as commands.
            lineStart = lineEnd > at ? bytes[lineEnd - 1] == Self.cr : afterCR
            afterCR = false
            at = lineEnd + 1
        }
        return at
    }
}
