@testable import Delivery
import Domain
import Testing

@Suite struct SMTPOutcomeTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var stage: SMTPStage, reply: SMTPReply?, whole: Bool, word: String
        var testDescription: String { "\(stage) \(whole) \(reply.map { "\($0.code) \($0.text)" } ?? "nothing")" }
        init(_ stage: SMTPStage, _ code: Int?, _ text: String, whole: Bool? = nil, _ word: String) {
            (self.stage, self.word) = (stage, word)
            reply = code.map { SMTPReply($0, text) }
            self.whole = whole ?? (stage == .content)
        }
        init(_ stage: SMTPStage, _ code: Int?, whole: Bool? = nil, _ word: String) {
            self.init(stage, code, "x", whole: whole, word)
        }
    }

    static let rows: [Row] = [
        Row(.mail, nil, "unreachable"), Row(.recipient, nil, "unreachable"), Row(.data, nil, "unreachable"),
        Row(.content, nil, "no_answer"), Row(.content, nil, whole: false, "unreachable"),
        Row(.content, 250, "accepted"), Row(.content, 250, whole: false, "unreachable"),
        Row(.content, 354, "no_answer"), Row(.content, 354, whole: false, "unreachable"),
        Row(.data, 250, "unreachable"),
        Row(.mail, 421, "unreachable"), Row(.recipient, 421, "unreachable"), Row(.data, 421, "unreachable"),
        Row(.content, 421, "unreachable"), Row(.content, 421, "4.7.1 x", "unreachable"),
        Row(.mail, 451, "unreachable"), Row(.mail, 452, "4.3.1 disk full", "unreachable"),
        Row(.mail, 550, "misconfigured"), Row(.mail, 530, "bad_credentials"), Row(.mail, 535, "bad_credentials"),
        Row(.mail, 552, "tooLong", "too_long"), Row(.mail, 550, "5.1.8 no such sender domain", "misconfigured"),
        Row(.mail, 550, "5.7.1 not you", "content_rejected"), Row(.mail, 503, "misconfigured"),
        Row(.recipient, 550, "unknown_address"), Row(.recipient, 551, "unknown_address"),
        Row(.recipient, 553, "unknown_address"), Row(.recipient, 556, "5.1.10 null MX", "unknown_address"),
        Row(.recipient, 550, "5.1.1 x", "unknown_address"), Row(.recipient, 550, "5.1.2 x", "unknown_address"),
        Row(.recipient, 550, "5.1.6 x", "unknown_address"), Row(.recipient, 550, "5.1.10 x", "unknown_address"),
        Row(.recipient, 550, "5.2.1 disabled", "unknown_address"), Row(.recipient, 550, "5.4.1 x", "unknown_address"),
        Row(.recipient, 450, "4.1.1 x", "address_busy"), Row(.recipient, 450, "4.4.1 x", "address_busy"),
        Row(.recipient, 452, "address_busy"), Row(.recipient, 452, "4.2.2 full", "address_busy"),
        Row(.recipient, 552, "5.2.2 full", "address_busy"), Row(.recipient, 450, "address_busy"),
        Row(.recipient, 451, "4.7.1 grey", "address_busy"), Row(.recipient, 454, "unreachable"),
        Row(.recipient, 451, "4.3.2 not now", "unreachable"),
        Row(.recipient, 552, "too_long"), Row(.recipient, 552, "5.3.4 x", "too_long"),
        Row(.recipient, 554, "content_rejected"),
        Row(.recipient, 554, "5.7.1 x", "content_rejected"), Row(.recipient, 550, "5.7.1 x", "content_rejected"),
        Row(.recipient, 500, "misconfigured"), Row(.recipient, 555, "misconfigured"),
        // An enhanced code of another class says nothing.
        Row(.recipient, 550, "4.2.2 x", "unknown_address"), Row(.recipient, 550, "5.1 x", "unknown_address"),
        Row(.recipient, 550, "5.1.1.1 x", "unknown_address"), Row(.content, 550, "5.9999.1 x", "content_rejected"),
        Row(.data, 554, "content_rejected"), Row(.data, 451, "address_busy"), Row(.data, 503, "misconfigured"),
        Row(.content, 550, "content_rejected"), Row(.content, 554, "content_rejected"), Row(.content, 552, "too_long"),
        Row(.content, 550, "5.1.1 x", "unknown_address"), Row(.content, 554, "5.7.1 x", "content_rejected"),
        Row(.content, 550, "5.7.25 x", "bad_credentials"), Row(.content, 550, "5.7.26 x", "bad_credentials"),
        Row(.content, 550, "5.7.27 x", "bad_credentials"), Row(.content, 550, "5.7.515 x", "bad_credentials"),
        Row(.content, 451, "address_busy"), Row(.content, 452, "address_busy"),
        Row(.content, 451, "4.3.0 x", "address_busy"),
        Row(.content, 552, "5.2.2 x", "address_busy"), Row(.content, 550, "5.2.3 x", "too_long"),
        Row(.content, 554, whole: false, "content_rejected"),
    ]

    @Test(arguments: rows) func word(of row: Row) {
        let outcome = SMTPEnd(row.stage, contentWhole: row.whole, reply: row.reply).outcome
        let word =
            switch outcome {
            case .success: "accepted";
            case .failure(let failure): failure.reason.rawValue
            }
        #expect(word == row.word)
    }

    @Test func everyStageHasARow() {
        #expect(Set(Self.rows.map(\.stage)) == Set(SMTPStage.allCases))
    }

    static let pauses: [(Int, String, Int?)] = [
        (451, "4.7.1 grey", 300), (450, "4.7.1 greylisted, try again in 300 seconds", 300),
        (450, "4.7.1 greylisted, try again in 30 seconds", 30), (450, "4.7.1 greylisted, try again in 0 seconds", 1),
        (451, "4.7.1 Greylisting in action, please come back in 00:05:07", 307),
        (450, "4.2.0 <anna@example.ru>: Recipient address rejected: Greylisted, see http://grey.example/4.html", 300),
        (450, "4.2.0 Graylisted", 300), (450, "Greylisted for 299 seconds", 299),
        (452, "4.2.2 full", nil), (452, "4.2.2 full, try again in 2 days", 3600), (451, "4.3.0 later", nil),
        (421, "4.7.0 too many connections, retry after 90", 90), (421, "4.7.1 grey", nil),
        (454, "4.7.0 busy, wait 10 s", 10),
        // Nobody comes back to these.
        (550, "5.7.1 spam, try again in 5 minutes", nil), (535, "5.7.8 wrong, wait 60 seconds", nil),
    ]
    @Test(arguments: pauses) func pause(_ row: (code: Int, text: String, seconds: Int?)) {
        let expected = row.seconds.map { Duration.seconds($0) }
        #expect(SMTPReply(row.code, row.text).failure(at: .recipient).retryAfter == expected, "\(row.text)")
    }

    @Test func aGreetingMayNameATime() {
        let busy = SMTPSetUpEnd(code: 8, reply: SMTPReply(421, "4.3.2 busy, try again in 2 minutes"))
        #expect(busy.failure?.retryAfter == .seconds(120))
        let login = SMTPSetUpEnd(code: 67, reply: SMTPReply(535, "5.7.8 wrong, try again in 2 minutes"))
        #expect(login.failure?.reason == .badCredentials && login.failure?.retryAfter == nil)
    }

    static let names: [(String, String?)] = [
        ("2.0.0 id=a@b.ru id=7", "7"), ("2.0.0 Ok: queued AS x as 77", "77"), ("2.0.0 принято", nil),
        ("5.1.1 odd", "5.1.1 odd"),
        ("2.0.0 Ok: queued as 4F3B2", "4F3B2"), ("OK id=1abc-0001-Xy", "1abc-0001-Xy"), ("2.0.0 Ok", "Ok"), ("", nil),
        ("2.0.0 queued as \u{1B}[31mred", "[31mred"), ("Message accepted for anna@example.ru", "Message accepted for "),
        ("queued as", "queued as"), (String(repeating: "x", count: 500), String(repeating: "x", count: 64)),
    ]
    @Test(arguments: names) func queueID(_ row: (text: String, id: String?)) {
        let id = SMTPReply(250, row.text).queueID
        #expect(id == row.id)
        #expect(SMTPReply(250, row.text).anyQueueID == id)
    }

    /// Two ways to one name, by bytes and by words.
    @Test(arguments: 0..<500) func queueIDByBytes(_ seed: Int) {
        let words = ["as", "AS", "As", "id=7", "id=a@b", "id=", "a@b", "queued", "2.0.0", "5.1.1", "", "x", "...", "@"]
        var rest = seed &* 7_919 &+ 13
        var picked: [String] = []
        for _ in 0..<(seed % 7) {
            picked.append(words[rest % words.count])
            rest = (rest &* 31 &+ 17) % 1_000_003
        }
        let reply = SMTPReply(250, picked.joined(separator: " "))
        #expect(reply.queueID == reply.anyQueueID, "\(reply.text)")
    }

    static let setUps: [(String, SMTPSetUpEnd, String)] = [
        ("stands", SMTPSetUpEnd(code: 0), "none"), ("refused", SMTPSetUpEnd(code: 7), "unreachable"),
        ("no name", SMTPSetUpEnd(code: 6), "unreachable"), ("slow", SMTPSetUpEnd(code: 28), "unreachable"),
        ("unknown CA", SMTPSetUpEnd(code: 60, reply: SMTPReply(220), distrust: true), "untrusted"),
        ("no STARTTLS", SMTPSetUpEnd(code: 64, reply: SMTPReply(250), distrust: true), "untrusted"),
        ("login", SMTPSetUpEnd(code: 67, reply: SMTPReply(535, "5.7.8 no")), "bad_credentials"),
        ("no mechanism", SMTPSetUpEnd(code: 67, reply: SMTPReply(250)), "bad_credentials"),
        ("login, later", SMTPSetUpEnd(code: 67, reply: SMTPReply(454)), "unreachable"),
        ("greeting 421", SMTPSetUpEnd(code: 8, reply: SMTPReply(421)), "unreachable"),
        ("EHLO 530", SMTPSetUpEnd(code: 9, reply: SMTPReply(530)), "bad_credentials"),
        ("bad URL", SMTPSetUpEnd(code: 3, misuse: true), "misconfigured"),
    ]
    @Test(arguments: setUps) func setUp(_ row: (name: String, end: SMTPSetUpEnd, word: String)) {
        #expect(row.end.failure?.reason.rawValue ?? "none" == row.word, "\(row.name)")
    }
}

@Suite struct SMTPReplyParserTests {
    static let stream = "250-2.0.0 one\r\n250 2.0.0 two\r\n354\r\n550-a\n550 b\r\n221 bye\r\n"
    static let replies = [
        SMTPReply(250, "2.0.0 one two"), SMTPReply(354), SMTPReply(550, "a b"), SMTPReply(221, "bye"),
    ]

    private static func read(_ chunks: [[UInt8]]) throws -> [SMTPReply] {
        var parser = SMTPReplyParser()
        var replies: [SMTPReply] = []
        for chunk in chunks {
            parser.append(chunk)
            while let reply = try parser.next() { replies.append(reply) }
        }
        return replies
    }

    @Test func splitAtEveryByte() throws {
        let bytes = Array(Self.stream.utf8)
        for cut in 0...bytes.count {
            #expect(try Self.read([Array(bytes[..<cut]), Array(bytes[cut...])]) == Self.replies)
        }
        #expect(try Self.read(bytes.map { [$0] }) == Self.replies)
        #expect(try Self.read([bytes]) == Self.replies)
    }

    @Test(arguments: [
        "hello\r\n", "\r\n", "25\r\n", "2500 x\r\n", "250_x\r\n", "150 x\r\n", "650 x\r\n", "٢٥٠ x\r\n",
        "250-a\r\n251 b\r\n",
        " 250 x\r\n", "-50 x\r\n", "250 " + String(repeating: "x", count: 2048) + "\r\n",
        String(repeating: "2", count: 2049),
        String(repeating: "250-x\r\n", count: 101),
    ])
    func nonsense(_ text: String) {
        #expect(throws: SMTPReplyParser.Nonsense.self) { try Self.read([Array(text.utf8)]) }
    }

    /// The text of a reply that nobody reads is not made, however the reply is cut; one of several lines always is.
    @Test func textsThatNobodyReads() throws {
        for cut in 0...Self.stream.utf8.count {
            var parser = SMTPReplyParser()
            var replies: [SMTPReply] = []
            let bytes = Array(Self.stream.utf8)
            for piece in [bytes[..<cut], bytes[cut...]] {
                parser.append(piece)
                while let reply = try parser.next(keepsText: { $0 > 500 }) { replies.append(reply) }
            }
            #expect(
                replies == [SMTPReply(250, "2.0.0 one two"), SMTPReply(354), SMTPReply(550, "a b"), SMTPReply(221)])
        }
    }

    @Test(arguments: [
        ("2.0.0 x", "2.0.0"), ("5.1.10", "5.1.10"), ("4.999.999 x", "4.999.999"), ("2.0.0.0 x", nil), ("2.0 x", nil),
        ("2..0 x", nil), (".2.0 x", nil), ("2.0. x", nil), ("3.0.0 x", nil), ("2.0.1000 x", nil), ("2.0.0x", nil),
        ("", nil),
        (" 2.0.0", nil),
    ])
    func enhancedCodes(_ row: (text: String, code: String?)) {
        #expect(SMTPEnhancedCode(row.text)?.description == row.code)
    }

    @Test func atTheLimits() throws {
        let longest = "250 " + String(repeating: "x", count: 2042) + "\r\n"
        let most = String(repeating: "250-x\r\n", count: 99) + "250 x\r\n"
        #expect(try Self.read([Array((longest + most).utf8)]).map(\.code) == [250, 250])
    }
}

@Suite struct SMTPContentTests {
    @Test func capabilitiesAreThoseSaidAfterTLS() {
        var heard = SMTPCapabilities()
        for line in [
            "220 hi", "250-x", "250-PIPELINING", "250-SIZE 10", "250 STARTTLS", "220 go", "250-x", "250 8BITMIME",
        ] {
            heard.hear(Array((line + "\r\n").utf8))
        }
        #expect(!heard.pipelining && heard.size == nil && !heard.sizeOffered && heard.eightBit)
        for line in ["250-pipelining\r\n", "250-SIZE\r\n", "235 in\r\n"] { heard.hear(Array(line.utf8)) }
        #expect(heard.pipelining && heard.sizeOffered && heard.size == nil && heard.lastReply?.code == 235)
        heard.hear(Array("250 SIZE 99999999999999999999\r\n".utf8))
        heard.hear([])
        #expect(heard.size == nil)
    }

    static let good: [(String, String)] = [
        ("", ".\r\n"), ("a", "a\r\n.\r\n"), (".", "..\r\n.\r\n"), ("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n"),
        ("..\r\n", "...\r\n.\r\n"), ("a.b\r\n", "a.b\r\n.\r\n"), ("\r\n", "\r\n.\r\n"),
        (String(repeating: "x", count: 998) + "\r\n", String(repeating: "x", count: 998) + "\r\n.\r\n"),
    ]
    @Test(arguments: good) func dots(_ row: (text: String, wire: String)) throws {
        var wire: [UInt8] = Array("before\r\n".utf8)
        try SMTPContent(Array(row.text.utf8)).append(to: &wire)
        #expect(String(decoding: wire, as: UTF8.self) == "before\r\n" + row.wire)
    }

    @Test(arguments: ["\n", "\r", "a\nb", "a\rb\r\n", "\r\r\n", "a\r\n\n", "\u{0}", String(repeating: "x", count: 999)])
    func refused(_ text: String) {
        #expect(throws: DeliveryFailure.self) { try SMTPContent(Array(text.utf8)) }
    }

    /// As RFC 5321 says it, byte by byte.
    private static func slowly(_ bytes: [UInt8]) -> [UInt8]? {
        var (out, column, afterCR): ([UInt8], Int, Bool) = ([], 0, false)
        for byte in bytes {
            guard byte != 0, afterCR == (byte == 0x0A) else { return nil }
            if byte == UInt8(ascii: "."), column == 0 { out.append(byte) }
            out.append(byte)
            afterCR = byte == 0x0D
            column = byte == 0x0A ? 0 : column + 1
        }
        guard !afterCR else { return nil }
        return out + (column > 0 ? [0x0D, 0x0A] : []) + Array(".\r\n".utf8)
    }

    /// Every text of up to seven of the letters that mean something, and one that means nothing.
    @Test func everyShortTextAsSlowly() {
        let letters: [UInt8] = [0x0D, 0x0A, UInt8(ascii: "."), UInt8(ascii: "a"), 0]
        for length in 0...7 {
            for number in 0..<Int(pow5(length)) {
                var (rest, text): (Int, [UInt8]) = (number, [])
                for _ in 0..<length {
                    text.append(letters[rest % 5])
                    rest /= 5
                }
                var wire: [UInt8] = []
                let content = try? SMTPContent(text)
                content?.append(to: &wire)
                if Self.slowly(text) != content.map({ _ in wire }) {
                    Issue.record("\(text)")
                    return
                }
            }
        }
    }

    private func pow5(_ power: Int) -> Int { (0..<power).reduce(1) { product, _ in product * 5 } }

    @Test(arguments: [("a\r\n", false), ("привет\r\n", true), ("", false)])
    func eightBits(_ text: String, _ isEightBit: Bool) throws {
        #expect(try SMTPContent(Array(text.utf8)).isEightBit == isEightBit)
    }
}
