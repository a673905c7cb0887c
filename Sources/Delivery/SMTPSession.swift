import CCurl
import Domain

/// One connection to the relay. libcurl connects it, secures it and logs in (CONNECT_ONLY); from then on the dialogue
/// is ours and libcurl only carries bytes. Lives on the thread of its loop.
///
/// libcurl's own SMTP is not used: in a multi handle it blocks the whole thread after each body until the final reply
/// (https://github.com/curl/curl/issues/8555), never pipelines, and drops the connection after a refused recipient.
final class SMTPSession {
    enum State { case connecting, live, closed }

    let handle: CurlHandle
    /// Its number among the account's sessions.
    let place: Int
    private let settings: SMTPSettings
    private let inbound: SMTPInbound
    private let isInClear: Bool
    private(set) var state = State.connecting
    private(set) var socket: curl_socket_t = CURL_SOCKET_BAD
    private var dialogue = SMTPDialogue(SMTPCapabilities())
    private var capabilities = SMTPCapabilities()
    /// What it carries, two at the most.
    private var jobs: [(ticket: Int, job: SMTPJob)] = []
    /// OpenSSL wants a write that could not finish repeated with the same pointer and the same bytes: what is being
    /// sent is never touched, new bytes wait in the dialogue.
    private var sending: [UInt8] = []
    private var sent = 0
    private(set) var isBlocked = false
    /// The last moment at which the dialogue moved.
    private var movedAt = ContinuousClock.now
    /// In which lists of its owner it stands.
    var lists: SMTPLists = []

    init?(_ settings: SMTPSettings, place: Int, _ inbound: SMTPInbound) {
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
        self.place = place
        self.settings = settings
        self.inbound = inbound
        isInClear = settings.isInClear
    }

    deinit { curl_easy_cleanup(handle) }

    /// - Throws: `misconfigured` if libcurl does not take the settings.
    func prepare() throws(DeliveryFailure) {
        var options = CurlOptions(handle)
        options.setConnection(settings.account, protocols: "smtp,smtps")
        options.set(CURLOPT_URL, try settings.url())
        options.set(CURLOPT_CONNECT_ONLY, true)
        let level = settings.tls == .required ? CURLUSESSL_ALL : CURLUSESSL_NONE
        options.set(CURLOPT_USE_SSL, Int(level.rawValue))
        if let user = settings.user {
            options.set(CURLOPT_USERNAME, user)
            options.set(CURLOPT_PASSWORD, settings.password ?? "")
        }
        options.set(CURLOPT_HEADERDATA, owner: Unmanaged.passUnretained(self).toOpaque())
        options.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, raw in
            guard let raw else { return 0 }
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            Unmanaged<SMTPSession>.fromOpaque(raw).takeUnretainedValue().capabilities.hear(line)
            return size * count
        }
        if let refused = options.refused {
            throw DeliveryFailure(.misconfigured, code: "curl \(refused.rawValue)", detail: refused.words)
        }
    }

    /// - Returns: why there is no session, or nil: it stands and the dialogue may begin.
    func connected(_ code: CURLcode) -> DeliveryFailure? {
        let end = SMTPSetUpEnd(
            code: Int(code.rawValue), words: code.words, reply: capabilities.lastReply, distrust: code.isDistrust,
            misuse: code.isMisuse)
        if let failure = end.failure { return failure }
        socket = curl_get_socket(handle)
        guard socket != CURL_SOCKET_BAD else {
            return DeliveryFailure(.unreachable, detail: "the connection was lost at once")
        }
        dialogue = SMTPDialogue(capabilities)
        state = .live
        movedAt = .now
        // The first call ties the connection to this handle: until then libcurl may tidy it away as unused.
        receive(untilDry: true)
        return nil
    }

    /// - Parameter now: no later than the moment.
    func begin(_ letter: SMTPLetter, _ job: SMTPJob, at now: ContinuousClock.Instant) {
        if dialogue.isIdle { movedAt = now }
        jobs.append((letter.ticket, job))
        dialogue.begin(letter)
    }

    func quit() {
        movedAt = .now
        dialogue.quit()
    }

    func lost() { dialogue.lost() }

    func close() { state = .closed }

    /// When the stage under way has lasted too long; for an idle session, when it is to be closed.
    var deadline: ContinuousClock.Instant { min(stageEnd, heldUpUntil ?? stageEnd) }

    private var stageEnd: ContinuousClock.Instant {
        switch dialogue.waiting {
        case .nothing: movedAt + settings.account.idleLimit
        case .envelope: movedAt + settings.patience.envelope
        case .data: movedAt + settings.patience.data
        case .writing: movedAt + settings.patience.writing
        case .finalReply: movedAt + settings.finalReplyTimeout
        case .quit: movedAt + settings.patience.quit
        }
    }

    private var heldUpUntil: ContinuousClock.Instant? {
        dialogue.isHeldUp ? movedAt + settings.patience.envelope : nil
    }

    /// Something has lasted too long: the letter that is held up goes elsewhere, an idle session says farewell, any
    /// other is lost.
    func late() {
        // The loop may have been busy with others: what came, or could have gone, in the meantime counts.
        receive(untilDry: true)
        send(at: .now)
        let now = ContinuousClock.now
        if let heldUpUntil, heldUpUntil <= now { dialogue.withdraw() }
        guard stageEnd <= now else { return }
        dialogue.isIdle ? quit() : lost()
    }

    var isIdle: Bool { dialogue.isIdle }
    var isOver: Bool { dialogue.isOver }
    var isWornOut: Bool { dialogue.begun >= max(1, settings.mailsPerSession) }
    var hasRoom: Bool { state == .live && dialogue.hasRoom && !isWornOut }

    /// What has ended since the last question; nil: nothing more.
    func nextEnding() -> (SMTPJob, SMTPEnding)? {
        while let ending = dialogue.nextEnding() {
            guard let index = jobs.firstIndex(where: { $0.ticket == ending.ticket }) else { continue }
            return (jobs.remove(at: index).job, ending)
        }
        return nil
    }
}

/// Bytes in, bytes out.
extension SMTPSession {
    /// Receives what is there. With TLS until there is nothing left: decrypted bytes wait inside OpenSSL, where no poll
    /// sees them. In clear, a piece shorter than the buffer was the last one, and what comes later is seen by poll.
    /// - Parameter untilDry: for those who must know of a close as well.
    func receive(untilDry: Bool = false) {
        while state == .live, !dialogue.isOver {
            let before = dialogue.waiting
            var count = 0
            let code = curl_easy_recv(handle, inbound.room.baseAddress, inbound.room.count, &count)
            if code == CURLE_AGAIN { return }
            guard code == CURLE_OK, count > 0 else { return dialogue.lost() }
            let replies = dialogue.repliesHeard
            dialogue.hear(UnsafeRawBufferPointer(rebasing: inbound.room[..<count]))
            if dialogue.repliesHeard != replies || dialogue.waiting != before { movedAt = .now }
            if !untilDry, isInClear, count < inbound.room.count { return }
        }
    }

    /// Sends until nothing is left, the other side is full, or it is the others' turn.
    /// - Parameter now: no later than the moment.
    func send(at now: ContinuousClock.Instant) {
        var allowance = Self.aTurn
        while state == .live, !dialogue.isOver {
            if sent == sending.count {
                sent = 0
                dialogue.takeOutput(into: &sending)
            }
            guard sent < sending.count else { break }
            var count = 0
            // At most one TLS record: with more, the record holding the final dot could leave while the call still says
            // "again", and the mail would count as not handed over.
            let code = sending.withUnsafeBytes {
                curl_easy_send(handle, $0.baseAddress.map { $0 + sent }, min($0.count - sent, Self.oneRecord), &count)
            }
            guard code == CURLE_OK || code == CURLE_AGAIN else { return brokenPipe() }
            if code == CURLE_OK { handedOver(count) }
            allowance -= count
            isBlocked = code == CURLE_AGAIN || allowance <= 0
            if isBlocked { return }
        }
        isBlocked = false
    }

    private func handedOver(_ count: Int) {
        sent += count
        dialogue.handedOver(count)
        // From the clock where it happens: a large mail keeps the loop busy for longer than a stage may stand still.
        movedAt = .now
    }

    private static let oneRecord = 16_384
    private static let aTurn = 1 << 20

    /// The other side may have said why before it closed.
    private func brokenPipe() {
        receive(untilDry: true)
        dialogue.lost()
    }
}

/// Where all sessions of a loop receive, one after the other.
final class SMTPInbound {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 16)
    deinit { room.deallocate() }
}

/// The lists of sessions that their owner keeps, so that none is looked through for one session.
struct SMTPLists: OptionSet {
    let rawValue: UInt8
    /// Something happened to it in this turn.
    static let touched = SMTPLists(rawValue: 1)
    /// It was read from in this turn, perhaps not to the end.
    static let heard = SMTPLists(rawValue: 8)
    static let idle = SMTPLists(rawValue: 2)
    /// A second letter may be given to it.
    static let roomy = SMTPLists(rawValue: 4)
}

extension SMTPSettings {
    /// No stage of a dialogue, and no rest of a session, may last for less.
    var shortestStage: Duration {
        [
            patience.envelope, patience.data, patience.writing, patience.quit, finalReplyTimeout, account.idleLimit,
        ].min() ?? .zero
    }

    /// No TLS between us and the socket.
    var isInClear: Bool { tls == .none && account.baseURL.utf8.starts(with: "smtp://".utf8) }
}
