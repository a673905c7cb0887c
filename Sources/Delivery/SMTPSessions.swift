import CCurl
import Domain

/// One mail to be carried and whose it is.
struct SMTPJob: Sendable {
    let submission: Submission
    let answers: Answers
    /// How often a session died before it began with this mail.
    var returns = 0
}

enum SMTPCommand: Sendable {
    case carry(SMTPJob)
}

/// All sessions of one account, on the thread of its loop. There are as many as the mails under way need, up to the
/// account's concurrency; they stay open between mails.
final class SMTPSessions: LoopWork {
    private let multi: Multi
    private let settings: SMTPSettings
    private let compose: @Sendable (Submission) throws(DeliveryFailure) -> Mail
    private var waiting = Waiting<SMTPJob>()
    /// Given to a session, by ticket.
    private var underWay: [Int: SMTPJob] = [:]
    private var lastTicket = 0
    private var sessions: [CurlHandle: SMTPSession] = [:]
    private var order: [CurlHandle] = []
    private var outbox = Outbox()
    /// The server would not take one more session: we do with those we have.
    private var growsAgainAt: ContinuousClock.Instant?
    private var closingBy: ContinuousClock.Instant?

    init(
        _ multi: Multi, _ settings: SMTPSettings,
        _ compose: @escaping @Sendable (Submission) throws(DeliveryFailure) -> Mail
    ) {
        self.multi = multi
        self.settings = settings
        self.compose = compose
        multi.keepAtMost(settings.account.concurrency * 2 + 8)
    }

    func apply(_ command: SMTPCommand) {
        switch command {
        case .carry(let job) where closingBy != nil: end(job, .failure(.stopped))
        case .carry(let job): waiting.append(job)
        }
    }

    func stop(at now: ContinuousClock.Instant) {
        closingBy = now + settings.account.timeout
        while let job = waiting.next() { end(job, .failure(.stopped)) }
    }

    var isFinished: Bool { closingBy != nil && sessions.isEmpty }

    func close() {
        for handle in order { multi.remove(handle) }
        sessions = [:]
        order = []
    }

    func ended(_ handle: CurlHandle, _ code: CURLcode) {
        guard let session = sessions[handle] else { return }
        // A session that stands stays in the multi: taking it out would close its connection.
        if let failure = session.connected(code) {
            remove(session)
            refused(failure)
        } else if let again = growsAgainAt, again <= .now {
            growsAgainAt = nil
        }
    }

    // MARK: Sockets

    var watched: [curl_waitfd] {
        live.map { curl_waitfd(fd: $0.socket, events: $0.events, revents: 0) }
    }

    func ready(_ sockets: [curl_waitfd]) {
        let awake = Set(sockets.lazy.filter { $0.revents != 0 }.map(\.fd))
        for session in live where awake.contains(session.socket) { session.receive() }
    }

    var wakeAt: ContinuousClock.Instant? {
        let deadlines = live.map(\.deadline)
        let growth = waiting.count > 0 ? growsAgainAt : nil
        return (deadlines + [growth, sessions.isEmpty ? nil : closingBy].compactMap { $0 }).min()
    }

    private var live: [SMTPSession] { order.compactMap { sessions[$0] }.filter { $0.state == .live } }
    private var connecting: Int { sessions.values.count { $0.state == .connecting } }

    // MARK: A turn

    func turn(at now: ContinuousClock.Instant) {
        hear(now)
        // A letter that cannot be sent leaves room for the next one.
        while serve(now) {}
        grow(now)
        if closingBy != nil { wind(up: now) }
        outbox.flush()
    }

    /// Time-outs, and what the sessions have said since the last turn.
    private func hear(_ now: ContinuousClock.Instant) {
        for session in live {
            if session.deadline <= now { late(session) }
            collect(session)
            if session.dialogue.isOver { remove(session) }
        }
    }

    private func late(_ session: SMTPSession) {
        // The loop may have been busy with others: what came, or could have gone, in the meantime counts.
        session.receive()
        session.send()
        guard session.deadline <= .now else { return }
        session.dialogue.isIdle ? session.quit() : session.lost()
    }

    /// - Returns: whether it is worth another round.
    private func serve(_ now: ContinuousClock.Instant) -> Bool {
        var again = false
        // Idle sessions first; a second mail behind a busy one only when nobody else will come for it.
        for session in live where session.dialogue.isIdle && session.hasRoom { give(session) }
        for session in live where session.hasRoom && waiting.count > connecting && !mayGrow(now) { give(session) }
        for session in live {
            if session.isWornOut, session.dialogue.isIdle { session.quit() }
            session.send()
            again = collect(session) || again
            if session.dialogue.isOver { remove(session) }
        }
        return again && waiting.count > 0
    }

    private func give(_ session: SMTPSession) {
        // A session that was closed while it was idle says so when it is read.
        if session.dialogue.isIdle { session.receive() }
        guard session.hasRoom, let (job, letter) = nextLetter() else { return }
        underWay[letter.ticket] = job
        session.begin(letter)
    }

    /// Those that cannot be made into a mail are answered on the way.
    private func nextLetter() -> (SMTPJob, SMTPLetter)? {
        while let job = waiting.next() {
            lastTicket += 1
            do throws(DeliveryFailure) {
                return (job, try SMTPLetter(ticket: lastTicket, compose(job.submission)))
            } catch {
                end(job, .failure(error))
            }
        }
        return nil
    }

    @discardableResult
    private func collect(_ session: SMTPSession) -> Bool {
        let endings = session.takeEndings()
        for ending in endings {
            switch ending {
            case .answered(let ticket, let outcome):
                if let job = underWay.removeValue(forKey: ticket) { end(job, outcome) }
            case .untouched(let ticket):
                if let job = underWay.removeValue(forKey: ticket) { giveBack(job) }
            }
        }
        return !endings.isEmpty
    }

    /// Once: a server that closes on each envelope is not tried for ever.
    private func giveBack(_ job: SMTPJob) {
        guard job.returns == 0, closingBy == nil else {
            return end(job, .failure(DeliveryFailure(.unreachable, detail: "the server closed the session")))
        }
        var job = job
        job.returns += 1
        waiting.giveBack(job)
    }

    private func end(_ job: SMTPJob, _ outcome: Result<Receipt, DeliveryFailure>) {
        outbox.add(Answer(reference: job.submission.reference, outcome: outcome), to: job.answers)
    }
}

/// How many sessions there are.
extension SMTPSessions {
    /// After a refusal one session at a time asks whether there is room again.
    private func mayGrow(_ now: ContinuousClock.Instant) -> Bool {
        guard closingBy == nil, sessions.count < max(1, settings.account.concurrency) else { return false }
        return growsAgainAt.map { $0 <= now && connecting == 0 } ?? true
    }

    private func grow(_ now: ContinuousClock.Instant) {
        while waiting.count > connecting, mayGrow(now) {
            guard let session = SMTPSession(settings) else { return }
            do throws(DeliveryFailure) {
                try session.prepare()
                guard multi.add(session.handle) else { throw DeliveryFailure(.unreachable, detail: "no session") }
                sessions[session.handle] = session
                order.append(session.handle)
            } catch {
                if let job = waiting.next() { end(job, .failure(error)) }
            }
        }
    }

    /// A connection did not come about. While others stand or are on their way, they carry its mail and no more are
    /// tried for a while; when it was the last, nobody's mail can go.
    private func refused(_ failure: DeliveryFailure) {
        growsAgainAt = .now + settings.patience.growth
        guard live.isEmpty, connecting == 0 else { return }
        growsAgainAt = nil
        while let job = waiting.next() { end(job, .failure(failure)) }
    }

    private func remove(_ session: SMTPSession) {
        session.close()
        collect(session)
        multi.remove(session.handle)
        sessions[session.handle] = nil
        order.removeAll { $0 == session.handle }
    }

    /// Nothing more begins; what is on its way may end until the account's time-out is over.
    private func wind(up now: ContinuousClock.Instant) {
        let overdue = closingBy.map { $0 <= now } == true
        for handle in order {
            guard let session = sessions[handle] else { continue }
            if overdue { session.lost() }
            if session.state == .live, session.dialogue.isIdle {
                session.quit()
                session.send()
            }
            if overdue || session.state == .connecting || session.dialogue.isOver { remove(session) }
        }
    }
}
