import Delivery
import Domain
import FoundationEssentials
import Synchronization

/// What arrived at an account: the witness. Written by the far side alone.
struct Copy: Sendable {
    let message: MessageID
    let number: Int
    let account: ProviderID
    let destination: Destination
    let at: Int64
    let submittedAt: Int64
    /// Nil where the wall had just been set.
    let submittedWall: Date?
    let text: String
    /// The account knew the reference and took no second copy.
    let isRepeat: Bool
}

/// One account on the far side, with a mood that changes. It tells the truth when it is asked, and answers each
/// submission once, within the time-out.
final class FarAccount: Sendable {
    enum Mood: CaseIterable {
        case well, slow, shaky, silent, down, throttling, strange, picky, locked
    }
    let profile: ProviderProfile
    let moods: [(from: Int64, mood: Mood)]
    private let chance: Chance
    private let log = Mutex<[Copy]>([])

    init(_ profile: ProviderProfile, moods: [(from: Int64, mood: Mood)], chance: Chance) {
        self.profile = profile
        self.moods = moods
        self.chance = chance
    }

    var copies: [Copy] { log.withLock { $0 } }

    func mood(at uptime: Int64) -> Mood { moods.last { $0.from <= uptime }?.mood ?? .well }

    /// What becomes of a letter, and when its answer is given.
    struct Reception {
        var taken = false
        var outcome: Result<Receipt, DeliveryFailure>
        var after: Int64
    }

    func receive(_ letter: Letter, at now: Int64) -> Reception {
        var reception = reception(at: now)
        if reception.taken { keep(letter, at: now) }
        let latest = letter.submittedAt + letter.timeout
        if now + reception.after >= latest {
            reception.outcome = .failure(DeliveryFailure(.noAnswer))
            reception.after = max(0, latest - now)
        }
        return reception
    }

    private func keep(_ letter: Letter, at now: Int64) {
        let submission = letter.submission
        log.withLock { log in
            let isRepeat = profile.idempotent && log.contains { $0.message == submission.reference }
            log.append(
                Copy(
                    message: submission.reference, number: submission.number, account: profile.id,
                    destination: submission.to, at: now, submittedAt: letter.submittedAt,
                    submittedWall: letter.submittedWall,
                    text: submission.content.text + " " + (submission.content.html ?? ""), isRepeat: isRepeat))
        }
    }

    private func reception(at now: Int64) -> Reception {
        let quick = Int64(chance.among(1...400))
        let taken = Reception(taken: true, outcome: .success(Receipt(providerID: "\(now)")), after: quick)
        func refuses(_ reason: DeliveryFailure.Reason, code: String? = nil, retryAfter: Int? = nil) -> Reception {
            Reception(
                outcome: .failure(
                    DeliveryFailure(reason, code: code, retryAfter: retryAfter.map { .seconds($0) })), after: quick)
        }
        let late = Reception(taken: true, outcome: taken.outcome, after: Int64(chance.among(2000...14_000)))
        let lost = Reception(taken: true, outcome: taken.outcome, after: .max / 4)
        let never = Reception(outcome: taken.outcome, after: .max / 4)
        let riddle = Reception(
            taken: chance.happens(0.5), outcome: .failure(DeliveryFailure(.unintelligible, code: "99")), after: quick)
        let throttled = refuses(.throttled, code: "429", retryAfter: chance.one(of: [nil, 2, 7, 40]))
        let busy = refuses(.addressBusy, code: "4.2.2", retryAfter: chance.one(of: [nil, nil, 9]))
        switch mood(at: now) {
        case .well: return taken
        case .slow: return chance.weighed([(1, taken), (2, late)])
        case .shaky:
            return chance.weighed([
                (4, taken), (1, late), (1, lost), (1, never), (1, refuses(.unreachable)),
                (0.5, refuses(.unreachable, code: "500")), (0.5, riddle), (0.5, throttled), (1, busy),
            ])
        case .silent: return chance.weighed([(1, lost), (1, never)])
        case .down: return chance.weighed([(3, refuses(.unreachable)), (1, refuses(.untrusted))])
        case .throttling: return chance.weighed([(1, taken), (2, throttled)])
        case .strange: return chance.weighed([(1, taken), (2, riddle)])
        case .picky:
            return chance.weighed([
                (3, taken), (1, refuses(.unknownAddress, code: "5.1.1")), (0.3, refuses(.optedOut, code: "21")),
                (0.5, refuses(.contentRejected, code: "554")), (0.3, refuses(.tooLong, code: "552")), (2, busy),
            ])
        case .locked:
            return chance.weighed([
                (1, refuses(.badCredentials, code: "401")), (1, refuses(.outOfFunds, code: "3")),
                (1, refuses(.misconfigured, code: "400")),
            ])
        }
    }

    /// The truth, or no answer at all.
    func find(_ inquiry: Inquiry) -> Finding {
        if chance.happens(0.2) { return Finding(reference: inquiry.reference, result: .cannotTell) }
        let had = copies.contains { $0.message == inquiry.reference && $0.number == inquiry.number }
        return Finding(reference: inquiry.reference, result: had ? .had(Receipt()) : .hadNot)
    }
}

/// One process's line to an account.
struct Wire: Provider {
    let account: FarAccount
    let life: Int
    let world: World

    var profile: ProviderProfile { account.profile }

    func submit(_ batch: [Submission], answer: @escaping @Sendable ([Answer]) -> Void) {
        for submission in batch { world.submit(submission, by: self, answer: answer) }
    }

    func ask(_ inquiries: [Inquiry], answer: @escaping @Sendable ([Finding]) -> Void) {
        guard profile.canBeAsked else {
            return answer(inquiries.map { Finding(reference: $0.reference, result: .cannotTell) })
        }
        for inquiry in inquiries { world.ask(inquiry, account.profile.id, answer) }
    }

    func shutdown() async {}
}
