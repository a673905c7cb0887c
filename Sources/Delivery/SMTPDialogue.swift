import Domain

/// One mail ready for the wire.
struct SMTPLetter: Equatable {
    /// Its owner's name for it.
    let ticket: Int
    let from: Address
    let to: Address
    /// Size before dots were doubled: what SIZE counts (RFC 1870).
    let size: Int
    let isEightBit: Bool
    /// Dots doubled, final dot included.
    let content: [UInt8]

    init(ticket: Int, _ mail: Mail) throws(DeliveryFailure) {
        self.ticket = ticket
        from = mail.from
        to = mail.to
        size = mail.bytes.count
        isEightBit = mail.bytes.contains { $0 > 0x7F }
        content = try SMTPContent.stuffed(mail.bytes)
    }
}

/// What a dialogue has to say about a letter.
enum SMTPEnding: Equatable {
    case answered(ticket: Int, Result<Receipt, DeliveryFailure>)
    /// The session died under it before its envelope was answered: without content nothing can have been accepted, and
    /// the death was not about this mail.
    case untouched(ticket: Int)
}

/// The dialogue of one session after its set-up, without the socket: bytes come in, bytes to write and endings come
/// out. Replies are matched to commands strictly in order. At most two letters are under way: one whose content is out
/// (`closing`) and, with PIPELINING, the next one's envelope (`opening`).
struct SMTPDialogue {
    private enum Awaited { case reset, mail, recipient, data, content, lonelyDot, quit }

    let capabilities: SMTPCapabilities
    private var parser = SMTPReplyParser()
    private var awaited: [Awaited] = []
    private var opening: SMTPLetter?
    private var closing: SMTPLetter?
    /// The first refusal of the envelope under way: it decides, whatever comes after it.
    private var refusal: SMTPEnd?
    private var needsReset = false
    private var output: [UInt8] = []
    /// Bytes said and bytes taken from us since the beginning, and where in them the content of `closing` ends.
    private var said = 0
    private var taken = 0
    private var contentEnd = 0
    private var endings: [SMTPEnding] = []
    /// Letters this session has begun and ended.
    private(set) var begun = 0
    private(set) var finished = 0
    /// Whole replies so far: single bytes are no progress.
    private(set) var repliesHeard = 0
    /// Nothing more may be said; the connection is to be closed.
    private(set) var isOver = false

    init(_ capabilities: SMTPCapabilities) { self.capabilities = capabilities }

    /// What the dialogue waits for: each has its own time-out.
    enum Waiting { case nothing, envelope, data, writing, finalReply, quit }
    var waiting: Waiting {
        switch awaited.first {
        case nil: .nothing
        case .reset, .mail, .recipient, .lonelyDot: .envelope
        case .data: .data
        case .content: contentWhole ? .finalReply : .writing
        case .quit: .quit
        }
    }
    private var contentWhole: Bool { taken >= contentEnd }

    var isIdle: Bool { awaited.isEmpty && !isOver }
    /// A letter may be given. The next envelope follows a content only where the server offers PIPELINING, and never
    /// before its 354: content may start a group of commands, DATA must end one (RFC 2920 §3.1).
    var hasRoom: Bool {
        guard !isOver, opening == nil else { return false }
        return closing == nil
            ? awaited.isEmpty || awaited == [.lonelyDot] && capabilities.pipelining : capabilities.pipelining
    }

    // MARK: What comes in

    mutating func begin(_ letter: SMTPLetter) {
        if let limit = capabilities.size, letter.size > limit {
            let failure = DeliveryFailure(.tooLong, detail: "the server takes at most \(limit) bytes")
            endings.append(.answered(ticket: letter.ticket, .failure(failure)))
            return
        }
        begun += 1
        opening = letter
        refusal = nil
        if needsReset { say("RSET", .reset) }
        needsReset = false
        if awaited.contains(where: { $0 == .reset }), !capabilities.pipelining { return }
        say(mailCommand(letter), .mail)
        guard capabilities.pipelining else { return }
        say(recipientCommand(letter), .recipient)
        say("DATA", .data)
    }

    mutating func hear(_ bytes: some Sequence<UInt8>) {
        guard !isOver else { return }
        parser.append(bytes)
        do throws(SMTPReplyParser.Nonsense) {
            while !isOver, let reply = try parser.next() { match(reply) }
        } catch {
            lost()
        }
    }

    /// So many of the bytes from `takeOutput` were taken by the connection.
    mutating func handedOver(_ count: Int) { taken += count }

    /// Closed, silent for too long, or talking nonsense.
    mutating func lost() {
        guard !isOver else { return }
        isOver = true
        if closing != nil { endClosing(nil) }
        guard let letter = opening else { return }
        if refusal == nil, finished > 0, [.reset, .mail, .content].contains(awaited.first) {
            opening = nil
            endings.append(.untouched(ticket: letter.ticket))
        } else {
            endOpening(refusal ?? SMTPEnd(.mail))
        }
    }

    mutating func quit() {
        guard isIdle else { return }
        say("QUIT", .quit)
    }

    // MARK: What goes out

    mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    mutating func takeEndings() -> [SMTPEnding] {
        defer { endings = [] }
        return endings
    }

    private mutating func say(_ line: String, _ reply: Awaited) {
        say(Array(line.utf8) + [0x0D, 0x0A], reply)
    }

    private mutating func say(_ bytes: [UInt8], _ reply: Awaited) {
        output += bytes
        said += bytes.count
        awaited.append(reply)
    }

    private func mailCommand(_ letter: SMTPLetter) -> String {
        "MAIL FROM:<\(letter.from.exposed)>" + (capabilities.sizeOffered ? " SIZE=\(letter.size)" : "")
            + (capabilities.eightBit && letter.isEightBit ? " BODY=8BITMIME" : "")
    }

    private func recipientCommand(_ letter: SMTPLetter) -> String { "RCPT TO:<\(letter.to.exposed)>" }
}

/// One reply, one step.
extension SMTPDialogue {
    private mutating func match(_ reply: SMTPReply) {
        repliesHeard += 1
        // Unasked words: a farewell, or we are out of step.
        guard let step = awaited.first else { return lost() }
        if reply.code == 421 { return farewell(step, reply) }
        awaited.removeFirst()
        switch step {
        case .reset: reply.isPositive ? afterReset() : lost()
        case .mail: envelope(.mail, reply)
        case .recipient: envelope(.recipient, reply)
        case .data: data(reply)
        case .content: content(reply)
        // Whatever it says: the letter was refused before.
        case .lonelyDot: break
        case .quit: lost()
        }
    }

    /// Lock-step: the envelope waited for the RSET.
    private mutating func afterReset() {
        guard !capabilities.pipelining, let letter = opening else { return }
        say(mailCommand(letter), .mail)
    }

    private mutating func envelope(_ stage: SMTPStage, _ reply: SMTPReply) {
        guard reply.isPositive || reply.isRefusal else { return outOfStep(stage, reply) }
        if reply.isRefusal, refusal == nil { refusal = SMTPEnd(stage, reply: reply) }
        guard !capabilities.pipelining, let letter = opening else { return }
        if refusal != nil { return refuseOpening() }
        if stage == .mail { say(recipientCommand(letter), .recipient) } else { say("DATA", .data) }
    }

    private mutating func data(_ reply: SMTPReply) {
        if reply.isRefusal {
            if refusal == nil { refusal = SMTPEnd(.data, reply: reply) }
            return refuseOpening()
        }
        guard reply.code == 354, let letter = opening else { return outOfStep(.data, reply) }
        guard refusal == nil else {
            // The server wants content for nobody: an empty one, which it cannot deliver to anybody.
            say(".", .lonelyDot)
            return refuseOpening()
        }
        opening = nil
        closing = letter
        say(letter.content, .content)
        contentEnd = said
    }

    private mutating func content(_ reply: SMTPReply) {
        // Before the dot a server can refuse, but not accept; either way it does not listen to the rest as content.
        let whole = contentWhole
        endClosing(whole || reply.isRefusal ? reply : nil)
        if !whole || !(reply.isPositive || reply.isRefusal) { lost() }
    }

    private mutating func refuseOpening() {
        guard let refusal else { return }
        needsReset = true
        endOpening(refusal)
    }

    private mutating func outOfStep(_ stage: SMTPStage, _ reply: SMTPReply) {
        endOpening(refusal ?? SMTPEnd(stage, reply: reply))
        lost()
    }

    /// 421: the server closes. It answers the command it stands for, and the rest is lost.
    private mutating func farewell(_ step: Awaited, _ reply: SMTPReply) {
        switch step {
        case .content: endClosing(reply)
        case .mail where finished > 0: break
        case .mail: endOpening(SMTPEnd(.mail, reply: reply))
        case .recipient: endOpening(refusal ?? SMTPEnd(.recipient, reply: reply))
        case .data: endOpening(refusal ?? SMTPEnd(.data, reply: reply))
        case .reset, .lonelyDot, .quit: break
        }
        lost()
    }

    private mutating func endClosing(_ reply: SMTPReply?) {
        guard let letter = closing else { return }
        end(letter, SMTPEnd(.content, contentWhole: contentWhole, reply: reply))
        closing = nil
    }

    private mutating func endOpening(_ last: SMTPEnd) {
        guard let letter = opening else { return }
        opening = nil
        refusal = nil
        end(letter, last)
    }

    private mutating func end(_ letter: SMTPLetter, _ end: SMTPEnd) {
        finished += 1
        endings.append(.answered(ticket: letter.ticket, end.outcome))
    }
}
