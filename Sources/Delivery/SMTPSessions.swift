import CCurl
import Domain

enum SMTPCommand: Sendable {
    case carry(SMTPBatch)
}

/// All sessions of one account, on the thread of its loop. There are as many as the mails under way need, up to the
/// account's concurrency; they stay open between mails. A turn costs what its ready sessions and new mails cost, however
/// many others there are.
final class SMTPSessions: LoopWork {
    private let multi: Multi
    private let sockets: LoopSockets
    private let settings: SMTPSettings
    private let compose: @Sendable (Submission) throws(DeliveryFailure) -> Mail
    private let inbound = SMTPInbound()
    private let shortestStage: Duration
    private let isInClear: Bool
    private var waiting = SMTPWaiting()
    private var lastTicket = 0
    private var outbox = Outbox()

    /// By place; a place is free again when its session is gone.
    private var sessions: [SMTPSession?] = []
    private var freePlaces: [Int] = []
    /// Those that do not stand yet, by the handle libcurl knows them by.
    private var connecting: [CurlHandle: SMTPSession] = [:]
    /// Sessions that something happened to, or may happen to, in this turn.
    private var touched: [SMTPSession] = []
    /// Candidates for a letter; whether they still are one is asked when their turn comes. Of the idle ones the last used
    /// comes first, of the busy ones that which began its last letter first.
    private var idle: [SMTPSession] = []
    private var roomy = Waiting<SMTPSession>()
    /// No session's time is over before this.
    private var earliest: ContinuousClock.Instant?
    /// The server would not take one more session: we do with those we have.
    private var growsAgainAt: ContinuousClock.Instant?
    private var closingBy: ContinuousClock.Instant?

    init(
        _ multi: Multi, _ settings: SMTPSettings,
        _ compose: @escaping @Sendable (Submission) throws(DeliveryFailure) -> Mail
    ) {
        self.multi = multi
        sockets = multi.sockets
        self.settings = settings
        self.compose = compose
        shortestStage = settings.shortestStage
        isInClear = settings.isInClear
        multi.keepAtMost(settings.account.concurrency * 2 + 8)
    }

    func apply(_ command: SMTPCommand) {
        switch command {
        case .carry(let batch) where closingBy != nil:
            for submission in batch.submissions {
                outbox.add(Answer(reference: submission.reference, outcome: .failure(.stopped)), to: batch.answers)
            }
        case .carry(let batch): waiting.append(batch, at: .now)
        }
    }

    func stop(at now: ContinuousClock.Instant) {
        closingBy = now + settings.account.timeout
        while let job = waiting.next() { end(job, .failure(.stopped)) }
    }

    private var count: Int { sessions.count - freePlaces.count }
    var isFinished: Bool { closingBy != nil && count == 0 }
    /// A session that stands is ours alone: libcurl only carries its bytes.
    var needsLibcurl: Bool { !connecting.isEmpty }

    func close() {
        for case let session? in sessions { multi.remove(session.handle) }
        sessions = []
        freePlaces = []
    }

    func ended(_ handle: CurlHandle, _ code: CURLcode) {
        guard let session = connecting.removeValue(forKey: handle) else { return }
        // A session that stands stays in the multi: taking it out would close its connection.
        if let failure = session.connected(code) {
            remove(session)
            return refused(failure)
        }
        if let again = growsAgainAt, again <= .now { growsAgainAt = nil }
        sockets.watch(session.socket, as: session.place)
        touch(session)
    }

    func ready(_ place: Int) {
        guard place < sessions.count, let session = sessions[place] else { return }
        session.receive()
        session.lists.insert(.heard)
        touch(session)
    }

    var wakeAt: ContinuousClock.Instant? {
        let growth = waiting.isEmpty ? nil : growsAgainAt
        return [earliest, placeBy, growth, count == 0 ? nil : closingBy].compactMap { $0 }.min()
    }

    // MARK: A turn

    func turn(at now: ContinuousClock.Instant) {
        if let earliest, earliest <= now { sweep(now) }
        for session in touched { look(at: session) }
        endOverdue(now)
        // What has ended is told before new things begin: others can work on it meanwhile.
        outbox.flush()
        repeat { distribute(now) } while carry(now)
        if closingBy != nil { wind(up: now) }
        outbox.flush()
    }

    private func touch(_ session: SMTPSession) {
        if session.lists.insert(.touched).inserted { touched.append(session) }
    }

    /// Time-outs. The only look at all sessions, and a rare one: the earliest time is not known exactly, but it is never
    /// later than thought.
    private func sweep(_ now: ContinuousClock.Instant) {
        earliest = nil
        for case let session? in sessions where session.state == .live {
            if session.deadline <= now { session.late() }
            touch(session)
        }
    }

    /// Collects what has ended on it and puts it where a letter finds it.
    private func look(at session: SMTPSession) {
        collect(session)
        if session.isOver { return remove(session) }
        guard session.hasRoom else { return }
        if session.isIdle {
            if session.lists.insert(.idle).inserted { idle.append(session) }
        } else {
            if session.lists.insert(.roomy).inserted { roomy.append(session) }
        }
    }

    /// Sends what was said, and hears what comes of it.
    /// - Returns: whether there is reason to distribute letters once more.
    private func carry(_ now: ContinuousClock.Instant) -> Bool {
        let before = waiting.count
        var freed = false
        for session in touched {
            session.lists.subtract([.touched, .heard])
            guard session.state == .live else { continue }
            if session.isWornOut, session.isIdle { session.quit() }
            let wasBlocked = session.isBlocked
            session.send(at: now)
            if session.isBlocked != wasBlocked {
                sockets.watch(session.socket, as: session.place, forRoom: session.isBlocked)
            }
            look(at: session)
            guard session.state == .live else {
                freed = true
                continue
            }
            note(session, now)
        }
        touched.removeAll(keepingCapacity: true)
        // A session that died has given its letter back, or made room for another one.
        return !waiting.isEmpty && (freed || waiting.count > before)
    }

    /// Whatever began or moved in this turn may last for the shortest of all times at least: mostly there is nothing new
    /// to note.
    private func note(_ session: SMTPSession, _ now: ContinuousClock.Instant) {
        guard let known = earliest else { return earliest = session.deadline }
        if known > now + shortestStage { earliest = min(known, session.deadline) }
    }

    @discardableResult
    private func collect(_ session: SMTPSession) -> Bool {
        var any = false
        while let (job, ending) = session.nextEnding() {
            any = true
            switch ending {
            case .answered(_, let outcome): end(job, outcome)
            case .untouched: giveBack(job, after: session)
            }
        }
        return any
    }

    /// When its session died once only: a server that closes on each envelope is not tried for ever. When it was held up,
    /// until its time for finding a place is over.
    private func giveBack(_ job: SMTPJob, after session: SMTPSession) {
        guard job.deaths == 0 || !session.isOver, closingBy == nil else {
            return end(job, .failure(DeliveryFailure(.unreachable, detail: "the server closed the session")))
        }
        var job = job
        if session.isOver { job.deaths += 1 }
        waiting.giveBack(job)
    }

    private func end(_ job: SMTPJob, _ outcome: Result<Receipt, DeliveryFailure>) {
        outbox.add(Answer(reference: job.submission.reference, outcome: outcome), to: job.batch.answers)
    }
}

/// Who carries what.
extension SMTPSessions {
    /// Idle sessions first, then new ones; a second letter behind a busy one only when nobody else will come for it.
    private func distribute(_ now: ContinuousClock.Instant) {
        while !waiting.isEmpty, let session = idle.popLast() {
            session.lists.remove(.idle)
            if session.hasRoom, session.isIdle { give(session, now) }
        }
        grow(now)
        while waiting.count > connecting.count, !mayGrow(now), let session = roomy.next() {
            session.lists.remove(.roomy)
            if session.hasRoom { give(session, now) }
        }
    }

    private func give(_ session: SMTPSession, _ now: ContinuousClock.Instant) {
        touch(session)
        // A session that was closed while it was idle says so when it is read. Where nothing hides inside TLS, the last
        // waiting has said already that there is nothing to read, unless a part of it was read since.
        if session.isIdle, !isInClear || session.lists.contains(.heard) { session.receive(untilDry: true) }
        // A letter that is refused at once, being too large, leaves room for the next one.
        while session.hasRoom, let (job, letter) = nextLetter() {
            session.begin(letter, job, at: now)
            guard collect(session) else { return }
        }
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

    /// By when a session must have a place for the letter that has waited longest.
    private var placeBy: ContinuousClock.Instant? { waiting.first.map { $0.since + settings.patience.place } }

    /// Nothing of them was said, and elsewhere they may go sooner.
    private func endOverdue(_ now: ContinuousClock.Instant) {
        while let placeBy, placeBy <= now, let job = waiting.next() {
            end(job, .failure(DeliveryFailure(.unreachable, detail: "no session had a place for it in time")))
        }
    }
}

/// How many sessions there are.
extension SMTPSessions {
    /// After a refusal one session at a time asks whether there is room again.
    private func mayGrow(_ now: ContinuousClock.Instant) -> Bool {
        guard closingBy == nil, count < settings.account.sessions else { return false }
        return growsAgainAt.map { $0 <= now && connecting.isEmpty } ?? true
    }

    private func grow(_ now: ContinuousClock.Instant) {
        while waiting.count > connecting.count, mayGrow(now) {
            let place = freePlaces.last ?? sessions.count
            guard let session = SMTPSession(settings, place: place, inbound) else { return }
            do throws(DeliveryFailure) {
                try session.prepare()
                guard multi.add(session.handle) else { throw DeliveryFailure(.unreachable, detail: "no session") }
                if freePlaces.popLast() == nil { sessions.append(session) } else { sessions[place] = session }
                connecting[session.handle] = session
            } catch {
                if let job = waiting.next() { end(job, .failure(error)) }
            }
        }
    }

    /// A connection did not come about. While others stand or are on their way, they carry its mail and no more are
    /// tried for a while; when it was the last, nobody's mail can go.
    private func refused(_ failure: DeliveryFailure) {
        growsAgainAt = .now + settings.patience.growth
        guard count == 0 else { return }
        growsAgainAt = nil
        while let job = waiting.next() { end(job, .failure(failure)) }
    }

    private func remove(_ session: SMTPSession) {
        guard session.state != .closed else { return }
        if session.state == .live { sockets.forget(session.socket) }
        session.close()
        collect(session)
        // Where not all sessions are ever needed nobody comes for it there, and it would stay for ever.
        if session.lists.contains(.roomy) { _ = roomy.remove { $0 === session } }
        multi.remove(session.handle)
        connecting[session.handle] = nil
        sessions[session.place] = nil
        freePlaces.append(session.place)
    }

    /// Nothing more begins; what is on its way may end until the account's time-out is over.
    private func wind(up now: ContinuousClock.Instant) {
        let overdue = closingBy.map { $0 <= now } == true
        for case let session? in sessions {
            if overdue { session.lost() }
            if session.state == .live, session.isIdle {
                session.quit()
                session.send(at: now)
            }
            if overdue || session.state == .connecting || session.isOver { remove(session) }
        }
    }
}
