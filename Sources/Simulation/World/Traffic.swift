import Delivery
import Domain
import FoundationEssentials
import Synchronization

// What goes over the wire: letters on their way out, answers, questions and reports on their way back.

extension World {
    // MARK: Out

    func submit(_ submission: Submission, by wire: Wire, answer: @escaping @Sendable ([Answer]) -> Void) {
        let (life, isDead) = state.withLock { ($0.life, $0.dead.contains(wire.life)) }
        if isDead { return }
        if wire.life == life, strikes(life, sending: true) {
            trace.say("died sending \(submission.reference.raw)")
            count("deaths while sending")
            return
        }
        if wire.life != life { oracle.accuse("\(submission.reference) sent by a process that lost the books") }
        oracle.submitted(submission, through: wire.profile, life)
        trace.say("submit \(submission.reference.raw)/\(submission.number) \(wire.account.profile.id)")
        count("submissions")
        let letter = Letter(
            submission: submission, account: wire.account.profile.id, life: wire.life, submittedAt: clock.uptime,
            submittedWall: clock.wasJustSet ? nil : clock.now.wall, timeout: wire.profile.timeout.milliseconds,
            answer: answer)
        agenda.enter(.arrival(letter), at: clock.uptime + Int64(chance.among(1...200)))
    }

    func ask(_ inquiry: Inquiry, _ account: ProviderID, _ answer: @escaping @Sendable ([Finding]) -> Void) {
        trace.say("ask \(inquiry.reference.raw)/\(inquiry.number) \(account)")
        count("inquiries")
        let after = chance.happens(0.1) ? chance.among(60_000...300_000) : chance.among(50...5000)
        agenda.enter(.finding(inquiry, account: account, answer), at: clock.uptime + Int64(after))
    }

    // MARK: There and back

    func arrive(_ letter: Letter) {
        // What a dead process had not written yet is gone with its socket.
        if state.withLock({ $0.dead.contains(letter.life) }), chance.happens(0.5) {
            trace.say("vanished \(letter.submission.reference.raw)")
            return
        }
        guard let account = accounts[letter.account] else { return }
        let reference = letter.submission.reference
        let reception = account.receive(letter, at: clock.uptime)
        trace.say("arrival \(reference.raw) \(letter.account) \(reception.taken ? "taken" : "not taken")")
        count("answers: \(Self.word(reception.outcome))")
        if case .failure(let failure) = reception.outcome, failure.retryAfter != nil { count("Retry-After") }
        agenda.enter(
            .answer(letter, Answer(reference: reference, outcome: reception.outcome)),
            at: clock.uptime + reception.after)
        guard reception.taken, letter.submission.to.channel.reportsDelivery else { return }
        for _ in 0..<chance.one(of: [0, 1, 1, 1, 2]) {
            agenda.enter(
                .report(reference, letter.account, delivered: chance.happens(0.8)),
                at: clock.uptime + Int64(chance.one(of: [chance.among(0...300), chance.among(0...400_000)])))
        }
    }

    static func word(_ outcome: Result<Receipt, DeliveryFailure>) -> String {
        switch outcome {
        case .success: "accepted"
        case .failure(let failure): failure.reason.rawValue
        }
    }
}
