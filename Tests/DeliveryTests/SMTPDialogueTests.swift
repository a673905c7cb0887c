@testable import Delivery
import Domain
import GatewayTesting
import Testing

/// Without a socket: every way the replies can be cut into packets.
@Suite struct SMTPDialogueTests {
    private static func letter(_ ticket: Int, _ text: String = "hi\r\n") throws -> SMTPLetter {
        try SMTPLetter(
            ticket: ticket,
            Mail(
                from: Destination.email("a@x.ru").address, to: Destination.email("b@x.ru").address,
                bytes: Array(text.utf8)))
    }

    private static func dialogue(_ offered: [String]) -> SMTPDialogue {
        var capabilities = SMTPCapabilities()
        for keyword in offered { capabilities.hear(Array("250-\(keyword)\r\n".utf8)) }
        return SMTPDialogue(capabilities)
    }

    /// What was said, taken as a whole.
    private static func said(_ dialogue: inout SMTPDialogue) -> String {
        let bytes = dialogue.takeOutput()
        dialogue.handedOver(bytes.count)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func repliesInAnyPackets() throws {
        let envelope = "250-2.1.0 ok\r\n250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go\r\n"
        let rest = "250 2.0.0 queued as A\r\n250 ok\r\n550 5.1.1 no\r\n354 go\r\n"
        for cut in 0...rest.utf8.count {
            var dialogue = Self.dialogue(["PIPELINING"])
            dialogue.begin(try Self.letter(1))
            #expect(Self.said(&dialogue) == "MAIL FROM:<a@x.ru>\r\nRCPT TO:<b@x.ru>\r\nDATA\r\n")
            for byte in envelope.utf8 { dialogue.hear([byte]) }
            #expect(dialogue.hasRoom)
            dialogue.begin(try Self.letter(2))
            // Content and the next envelope in one write.
            #expect(Self.said(&dialogue) == "hi\r\n.\r\nMAIL FROM:<a@x.ru>\r\nRCPT TO:<b@x.ru>\r\nDATA\r\n")
            #expect(!dialogue.hasRoom)
            let bytes = Array(rest.utf8)
            dialogue.hear(bytes[..<cut])
            dialogue.hear(bytes[cut...])
            let endings = dialogue.takeEndings()
            #expect(endings.count == 2)
            #expect(endings.first == .answered(ticket: 1, .success(Receipt(providerID: "A"))))
            #expect(
                endings.last
                    == .answered(ticket: 2, .failure(DeliveryFailure(.unknownAddress, code: "550 5.1.1", detail: "no")))
            )
            #expect(Self.said(&dialogue) == ".\r\n")
            dialogue.hear("554 5.5.1 none\r\n".utf8)
            #expect(dialogue.isIdle)
            dialogue.begin(try Self.letter(3))
            #expect(Self.said(&dialogue).hasPrefix("RSET\r\nMAIL FROM:<a@x.ru>\r\nRCPT"))
        }
    }

    @Test func lockStepSaysOneCommandAtATime() throws {
        var dialogue = Self.dialogue(["8BITMIME", "SIZE"])
        dialogue.begin(try Self.letter(1, "привет\r\n"))
        #expect(Self.said(&dialogue) == "MAIL FROM:<a@x.ru> SIZE=14 BODY=8BITMIME\r\n")
        dialogue.hear("250 ok\r\n".utf8)
        #expect(Self.said(&dialogue) == "RCPT TO:<b@x.ru>\r\n")
        dialogue.hear("250 ok\r\n".utf8)
        #expect(Self.said(&dialogue) == "DATA\r\n")
        dialogue.hear("354 ok\r\n".utf8)
        #expect(!dialogue.hasRoom)
        #expect(Self.said(&dialogue) == "привет\r\n.\r\n")
        dialogue.hear("250 ok\r\n".utf8)
        #expect(dialogue.hasRoom && dialogue.isIdle)
    }

    /// The mail's whole content, dot included, decides; what was said after it does not.
    @Test func wholeOrNotWhole() throws {
        let content = "hi\r\n.\r\n".utf8.count
        for taken in [0, 1, content - 1, content, content + 5] {
            var dialogue = Self.dialogue(["PIPELINING"])
            dialogue.begin(try Self.letter(1))
            _ = Self.said(&dialogue)
            dialogue.hear("250 a\r\n250 b\r\n354 c\r\n".utf8)
            dialogue.begin(try Self.letter(2))
            _ = dialogue.takeOutput()
            dialogue.handedOver(taken)
            #expect(dialogue.waiting == (taken < content ? .writing : .finalReply))
            dialogue.lost()
            let failure =
                taken < content
                ? DeliveryFailure(.unreachable, detail: SMTPEnd.lostEarly)
                : DeliveryFailure(.noAnswer, detail: SMTPEnd.lostLate)
            #expect(
                dialogue.takeEndings() == [
                    .answered(ticket: 1, .failure(failure)), .untouched(ticket: 2),
                ])
            #expect(dialogue.isOver)
        }
    }

    @Test(arguments: [("250 ok\r\n", "unreachable"), ("552 5.3.4 big\r\n", "too_long"), ("421 bye\r\n", "unreachable")])
    func aReplyBeforeTheDot(_ reply: String, _ word: String) throws {
        var dialogue = Self.dialogue(["PIPELINING"])
        dialogue.begin(try Self.letter(1))
        _ = Self.said(&dialogue)
        dialogue.hear("250 a\r\n250 b\r\n354 c\r\n".utf8)
        _ = dialogue.takeOutput()
        dialogue.handedOver(3)
        dialogue.hear(reply.utf8)
        guard case .answered(1, let outcome)? = dialogue.takeEndings().first else { return #expect(Bool(false)) }
        #expect(outcome.word == word)
        #expect(dialogue.isOver && !dialogue.hasRoom)
    }

    @Test func theFirstRefusalDecides() throws {
        var dialogue = Self.dialogue(["PIPELINING"])
        dialogue.begin(try Self.letter(1))
        _ = Self.said(&dialogue)
        dialogue.hear("451 4.3.0 later\r\n503 5.5.1 first MAIL\r\n".utf8)
        #expect(dialogue.takeEndings().isEmpty)
        dialogue.hear("503 5.5.1 first RCPT\r\n".utf8)
        let failure = DeliveryFailure(.unreachable, code: "451 4.3.0", detail: "later")
        #expect(dialogue.takeEndings() == [.answered(ticket: 1, .failure(failure))])
        #expect(dialogue.isIdle)
    }

    @Test func unaskedWordsEndTheSession() {
        for words in ["250 hello\r\n", "421 bye\r\n", "what\r\n"] {
            var dialogue = Self.dialogue([])
            dialogue.hear(words.utf8)
            #expect(dialogue.isOver && dialogue.takeEndings().isEmpty)
        }
    }

    /// A letter held up behind a slow final reply goes elsewhere; what the server says to its envelope later gets no
    /// content, and no lone dot either, which would deliver an empty mail.
    @Test(arguments: [
        ("250 d\r\n250 a\r\n250 b\r\n354 c\r\n", false), ("250 d\r\n250 a\r\n550 b\r\n554 c\r\n", true),
        ("250 d\r\n421 bye\r\n", false),
    ])
    func aLetterThatIsHeldUpIsTakenBack(_ replies: String, _ goesOn: Bool) throws {
        var dialogue = Self.dialogue(["PIPELINING"])
        dialogue.begin(try Self.letter(1))
        _ = Self.said(&dialogue)
        dialogue.withdraw()
        #expect(dialogue.takeEndings().isEmpty, "the only letter has nobody before it")
        dialogue.hear("250 a\r\n250 b\r\n354 c\r\n".utf8)
        #expect(!dialogue.isHeldUp)
        dialogue.begin(try Self.letter(2))
        _ = Self.said(&dialogue)
        #expect(dialogue.isHeldUp)
        dialogue.withdraw()
        #expect(dialogue.takeEndings() == [.untouched(ticket: 2)])
        #expect(!dialogue.hasRoom && !dialogue.isHeldUp)
        dialogue.hear(replies.utf8)
        #expect(dialogue.takeEndings() == [.answered(ticket: 1, .success(Receipt(providerID: "d")))])
        #expect(dialogue.isOver != goesOn && dialogue.isIdle == goesOn && dialogue.hasRoom == goesOn)
        #expect(Self.said(&dialogue) == "")
        guard goesOn else { return }
        dialogue.begin(try Self.letter(3))
        #expect(Self.said(&dialogue).hasPrefix("RSET\r\nMAIL FROM:<a@x.ru>\r\nRCPT"))
        dialogue.hear("250 r\r\n250 a\r\n250 b\r\n354 c\r\n".utf8)
        #expect(Self.said(&dialogue) == "hi\r\n.\r\n")
        dialogue.hear("250 d\r\n".utf8)
        #expect(dialogue.takeEndings() == [.answered(ticket: 3, .success(Receipt(providerID: "d")))])
    }

    @Test func theConnectionDiesUnderALetterTakenBack() throws {
        var dialogue = Self.dialogue(["PIPELINING"])
        dialogue.begin(try Self.letter(1))
        _ = Self.said(&dialogue)
        dialogue.hear("250 a\r\n250 b\r\n354 c\r\n".utf8)
        dialogue.begin(try Self.letter(2))
        _ = Self.said(&dialogue)
        dialogue.withdraw()
        dialogue.lost()
        let failure = DeliveryFailure(.noAnswer, detail: SMTPEnd.lostLate)
        #expect(dialogue.takeEndings() == [.untouched(ticket: 2), .answered(ticket: 1, .failure(failure))])
    }

    @Test func afterTheEndNothingIsHeard() throws {
        var dialogue = Self.dialogue(["PIPELINING"])
        dialogue.begin(try Self.letter(1))
        dialogue.lost()
        #expect(dialogue.takeEndings().count == 1)
        dialogue.hear("250 a\r\n250 b\r\n354 c\r\n250 d\r\n".utf8)
        dialogue.lost()
        #expect(dialogue.takeEndings().isEmpty)
    }
}

extension SMTPDialogue {
    mutating func takeOutput() -> [UInt8] {
        var bytes: [UInt8] = []
        takeOutput(into: &bytes)
        return bytes
    }

    mutating func takeEndings() -> [SMTPEnding] {
        var endings: [SMTPEnding] = []
        while let ending = nextEnding() { endings.append(ending) }
        return endings
    }
}
