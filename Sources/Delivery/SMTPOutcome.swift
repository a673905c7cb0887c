package import Domain

/// The command a reply belongs to. `content` is everything after the 354, up to the reply after the final dot.
package enum SMTPStage: String, Sendable, CaseIterable { case mail, recipient, data, content }

/// How one mail ended, as a value. No reply means that the connection was lost, fell silent or talked nonsense.
package struct SMTPEnd: Sendable, Hashable {
    package var stage: SMTPStage
    /// The last byte of the content, its final dot, was taken from us.
    package var contentWhole: Bool
    package var reply: SMTPReply?
    package init(_ stage: SMTPStage, contentWhole: Bool = false, reply: SMTPReply? = nil) {
        self.stage = stage
        self.contentWhole = contentWhole
        self.reply = reply
    }

    /// A refusal is certain. Without one: nothing can have been accepted before the content was whole, and afterwards
    /// only a 2yz says that it was.
    package var outcome: Result<Receipt, DeliveryFailure> {
        if let reply, reply.isRefusal { return .failure(reply.failure(at: stage)) }
        guard stage == .content, contentWhole else {
            return .failure(DeliveryFailure(.unreachable, code: reply?.codes, detail: reply?.words ?? Self.lostEarly))
        }
        guard let reply, reply.isPositive else {
            return .failure(DeliveryFailure(.noAnswer, code: reply?.codes, detail: reply?.words ?? Self.lostLate))
        }
        return .success(Receipt(providerID: reply.queueID))
    }

    static let lostEarly = "the session ended before the mail was handed over"
    static let lostLate = "the mail was handed over and no final reply came"
}

extension SMTPReply {
    /// Whom a 4yz or 5yz hits (RFC 5321 §4.2, RFC 3463). The enhanced code knows better than the plain one.
    package func failure(at stage: SMTPStage) -> DeliveryFailure {
        let reason = reason(at: stage)
        return DeliveryFailure(reason, code: codes, detail: words, retryAfter: pause(for: reason))
    }

    /// How long to stay away: what the server's words say, and five minutes where it greylists without a time.
    func pause(for reason: DeliveryFailure.Reason) -> Duration? {
        guard DeliveryFailure(reason).outlook == .temporary else { return nil }
        return AskedPause.named(in: text.utf8) ?? (reason == .addressBusy && isGreylisting ? .seconds(300) : nil)
    }

    /// Postgrey, the usual greylister, says 4.2.0 and only the word tells.
    private var isGreylisting: Bool {
        let words = text.lowercased()
        return enhanced?.subject == 7
            || ["greylist", "graylist"].contains { words.utf8.firstRange(of: $0.utf8) != nil }
    }

    private func reason(at stage: SMTPStage) -> DeliveryFailure.Reason {
        if code == 421 { return .unreachable }
        if [530, 534, 535, 538].contains(code) { return .badCredentials }
        if let enhanced, let reason = enhanced.reason(at: stage) { return reason }
        return code < 500 ? temporary(at: stage) : permanent(at: stage)
    }

    private func temporary(at stage: SMTPStage) -> DeliveryFailure.Reason {
        // Nobody's address was named yet: it is the server that cannot.
        if stage == .mail || code == 454 { return .unreachable }
        // Also after the dot: a mail that always gets 451 must use up its attempts instead of stopping all others.
        return .addressBusy
    }

    private func permanent(at stage: SMTPStage) -> DeliveryFailure.Reason {
        switch (code, stage) {
        case (552, _), (523, _): .tooLong
        // Our command is wrong in the server's eyes.
        case (500...504, _), (555, _), (521, _): .misconfigured
        // Our sender or our host is refused, whoever the mail is for.
        case (_, .mail): .misconfigured
        case (550, .recipient), (551, .recipient), (553, .recipient), (556, .recipient): .unknownAddress
        case (_, .recipient), (_, .data), (_, .content): .contentRejected
        }
    }
}

extension SMTPEnhancedCode {
    /// Nil where the plain code must decide.
    fileprivate func reason(at stage: SMTPStage) -> DeliveryFailure.Reason? {
        switch (subject, detail) {
        case (1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1):
            stage == .mail ? nil : kind == 5 ? .unknownAddress : .addressBusy
        case (1, 7), (1, 8): kind == 5 ? .misconfigured : nil
        case (2, 2): .addressBusy
        case (2, 3), (3, 4): kind == 5 ? .tooLong : nil
        case (3, 1) where kind == 4, (3, 2) where kind == 4: stage == .content ? nil : .unreachable
        // Routing to the resident's domain.
        case (4, _): stage == .mail ? nil : kind == 4 ? .addressBusy : stage == .recipient ? .unknownAddress : nil
        // SPF, DKIM, DMARC, reverse DNS, login: our account's fault, never the address's.
        case (7, 8), (7, 9), (7, 20...27), (7, 515): kind == 5 ? .badCredentials : nil
        case (7, 1): kind == 4 ? .addressBusy : .contentRejected
        default: nil
        }
    }
}
