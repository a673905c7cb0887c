import Domain

/// What a dialogue has to say about a letter.
enum SMTPEnding: Equatable {
    case answered(ticket: Int, Result<Receipt, DeliveryFailure>)
    /// The session died under it before its envelope was answered, or kept it waiting for too long: without content
    /// nothing can have been accepted, and the trouble was not about this mail.
    case untouched(ticket: Int)

    var ticket: Int {
        switch self {
        case .answered(let ticket, _), .untouched(let ticket): ticket
        }
    }
}

/// The dialogue of one session after its set-up, without the socket: bytes come in, bytes to write and endings come
/// out. Replies are matched to commands strictly in order. At most two letters are under way: one whose content is out
/// (`closing`) and, with PIPELINING, the next one's envelope (`opening`).
struct SMTPDialogue {
    /// One whose content is out and one whose envelope is.
    static let lettersAtOnce = 2

    let capabilities: SMTPCapabilities
    private var parser = SMTPReplyParser()
    private var awaited = SMTPAwaited()
    private var opening: SMTPLetter?
    private var closing: SMTPLetter?
    /// The first refusal of the envelope under way: it decides, whatever comes after it.
    private var refusal: SMTPEnd?
    private var needsReset = false
    /// The letter of the envelope under way was taken back: its 354 must not be followed by anything.
    private var isWithdrawn = false
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
        guard !isOver, opening == nil, !isWithdrawn else { return false }
        return closing == nil
            ? awaited.isEmpty || awaited.isOnly(.lonelyDot) && capabilities.pipelining : capabilities.pipelining
    }
    /// A letter whose envelope is out waits for another one's final reply.
    var isHeldUp: Bool { opening != nil && waiting == .finalReply }

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
        let resets = needsReset
        needsReset = false
        if resets { say("RSET\r\n", .reset) }
        if resets, !capabilities.pipelining { return }
        sayMail(letter)
        guard capabilities.pipelining else { return }
        sayRecipient(letter)
        say("DATA\r\n", .data)
    }

    /// Takes back the letter that is held up, while it is certain that nothing of its content was said.
    mutating func withdraw() {
        guard !isOver, isHeldUp, let letter = opening else { return }
        opening = nil
        isWithdrawn = true
        endings.append(.untouched(ticket: letter.ticket))
    }

    mutating func hear(_ bytes: some Sequence<UInt8>) {
        guard !isOver else { return }
        parser.append(bytes)
        do throws(SMTPReplyParser.Nonsense) {
            while !isOver {
                let step = awaited.first
                guard let reply = try parser.next(keepsText: { !Self.isPlain($0, to: step) }) else { return }
                match(reply)
            }
        } catch {
            lost()
        }
    }

    /// The answers of each day, whose words nobody reads: only the last one names the mail.
    private static func isPlain(_ code: Int, to step: SMTPAwaited.Reply?) -> Bool {
        switch step {
        case .reset, .mail, .recipient: (250...259).contains(code)
        case .data: code == 354
        case .content, .lonelyDot, .quit, nil: false
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
        if refusal == nil, finished > 0, awaited.first.map(Self.comesBeforeTheEnvelope) ?? false {
            opening = nil
            endings.append(.untouched(ticket: letter.ticket))
        } else {
            endOpening(refusal ?? SMTPEnd(.mail))
        }
    }

    private static func comesBeforeTheEnvelope(_ reply: SMTPAwaited.Reply) -> Bool {
        switch reply {
        case .reset, .mail, .content: true
        case .recipient, .data, .lonelyDot, .quit: false
        }
    }

    mutating func quit() {
        guard isIdle else { return }
        say("QUIT\r\n", .quit)
    }

    // MARK: What goes out

    /// Gives what is to be said for an empty buffer, which is filled next.
    mutating func takeOutput(into buffer: inout [UInt8]) {
        buffer.removeAll(keepingCapacity: buffer.capacity <= Self.keptOutput)
        swap(&buffer, &output)
    }
    /// Bytes: a large mail's buffer is not kept for small ones.
    private static let keptOutput = 128 * 1024

    mutating func nextEnding() -> SMTPEnding? { endings.isEmpty ? nil : endings.removeFirst() }

    private mutating func say(_ line: StaticString, _ reply: SMTPAwaited.Reply) {
        say(reply) { $0.add(line) }
    }

    private mutating func say(_ reply: SMTPAwaited.Reply, _ write: (inout [UInt8]) -> Void) {
        let before = output.count
        write(&output)
        said += output.count - before
        awaited.append(reply)
    }

    private mutating func sayMail(_ letter: SMTPLetter) {
        let (tellsSize, tellsEightBit) = (capabilities.sizeOffered, capabilities.eightBit && letter.isEightBit)
        say(.mail) { output in
            output.add("MAIL FROM:<")
            output.add(letter.from.exposed)
            output.append(UInt8(ascii: ">"))
            if tellsSize {
                output.add(" SIZE=")
                output.add(decimal: letter.size)
            }
            if tellsEightBit { output.add(" BODY=8BITMIME") }
            output.add("\r\n")
        }
    }

    private mutating func sayRecipient(_ letter: SMTPLetter) {
        say(.recipient) { output in
            output.add("RCPT TO:<")
            output.add(letter.to.exposed)
            output.add(">\r\n")
        }
    }
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
        sayMail(letter)
    }

    private mutating func envelope(_ stage: SMTPStage, _ reply: SMTPReply) {
        guard reply.isPositive || reply.isRefusal else { return outOfStep(stage, reply) }
        if reply.isRefusal, refusal == nil { refusal = SMTPEnd(stage, reply: reply) }
        guard !capabilities.pipelining, let letter = opening else { return }
        if refusal != nil { return refuseOpening() }
        if stage == .mail { sayRecipient(letter) } else { say("DATA\r\n", .data) }
    }

    private mutating func data(_ reply: SMTPReply) {
        if reply.isRefusal {
            if refusal == nil { refusal = SMTPEnd(.data, reply: reply) }
            return refuseOpening()
        }
        guard reply.code == 354 else { return outOfStep(.data, reply) }
        guard refusal == nil else {
            // The server wants content for nobody: an empty one, which it cannot deliver to anybody.
            say(".\r\n", .lonelyDot)
            return refuseOpening()
        }
        // The letter was taken back: a lone dot would deliver an empty mail, so the session ends here.
        guard let letter = opening else { return lost() }
        opening = nil
        closing = letter
        say(.content) { letter.appendContent(to: &$0) }
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
        isWithdrawn = false
        self.refusal = nil
        endOpening(refusal)
    }

    private mutating func outOfStep(_ stage: SMTPStage, _ reply: SMTPReply) {
        endOpening(refusal ?? SMTPEnd(stage, reply: reply))
        lost()
    }

    /// 421: the server closes. It answers the command it stands for, and the rest is lost.
    private mutating func farewell(_ step: SMTPAwaited.Reply, _ reply: SMTPReply) {
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
