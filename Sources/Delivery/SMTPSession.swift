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
    private let settings: SMTPSettings
    private(set) var state = State.connecting
    private(set) var socket: curl_socket_t = CURL_SOCKET_BAD
    private(set) var dialogue = SMTPDialogue(SMTPCapabilities())
    private var capabilities = SMTPCapabilities()
    /// OpenSSL wants a write that could not finish repeated with the same pointer and the same bytes: what is being
    /// sent is never touched, new bytes wait behind it.
    private var sending: ArraySlice<UInt8> = []
    private var blocked = false
    /// The last moment at which the dialogue moved. Read from the clock where it happens: a large mail keeps the loop
    /// busy for longer than a stage may stand still.
    private var movedAt = ContinuousClock.now

    init?(_ settings: SMTPSettings) {
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
        self.settings = settings
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
        receive()
        return nil
    }

    func begin(_ letter: SMTPLetter) {
        if dialogue.isIdle { movedAt = .now }
        dialogue.begin(letter)
    }

    func quit() {
        movedAt = .now
        dialogue.quit()
    }

    func lost() {
        dialogue.lost()
    }

    func close() { state = .closed }

    var events: Int16 { Int16(CURL_WAIT_POLLIN) | (blocked ? Int16(CURL_WAIT_POLLOUT) : 0) }

    /// When the stage under way has lasted too long; for an idle session, when it is to be closed.
    var deadline: ContinuousClock.Instant {
        switch dialogue.waiting {
        case .nothing: movedAt + settings.account.idleLimit
        case .envelope: movedAt + settings.patience.envelope
        case .data: movedAt + settings.patience.data
        case .writing: movedAt + settings.patience.writing
        case .finalReply: movedAt + settings.finalReplyTimeout
        case .quit: movedAt + settings.patience.quit
        }
    }

    var isWornOut: Bool { dialogue.begun >= max(1, settings.mailsPerSession) }
    var hasRoom: Bool { state == .live && dialogue.hasRoom && !isWornOut }
}

/// Bytes in, bytes out.
extension SMTPSession {
    /// Receives until there is nothing left: decrypted bytes wait inside OpenSSL, where no poll sees them.
    func receive() {
        while state == .live, !dialogue.isOver {
            let before = dialogue.waiting
            var count = 0
            let (code, bytes) = readSome(&count)
            if code == CURLE_AGAIN { return }
            guard code == CURLE_OK, count > 0 else { return dialogue.lost() }
            let replies = dialogue.repliesHeard
            dialogue.hear(bytes.prefix(count))
            if dialogue.repliesHeard != replies || dialogue.waiting != before { movedAt = .now }
        }
    }

    private func readSome(_ count: inout Int) -> (CURLcode, [UInt8]) {
        var code = CURLE_OK
        let bytes = [UInt8](unsafeUninitializedCapacity: 16_384) { room, filled in
            code = curl_easy_recv(handle, room.baseAddress, room.count, &count)
            filled = code == CURLE_OK ? count : 0
        }
        return (code, bytes)
    }

    /// Sends until nothing is left, the other side is full, or it is the others' turn.
    func send() {
        var allowance = Self.aTurn
        while state == .live, !dialogue.isOver {
            if sending.isEmpty { sending = dialogue.takeOutput()[...] }
            guard !sending.isEmpty else { break }
            var count = 0
            // At most one TLS record: with more, the record holding the final dot could leave while the call still says
            // "again", and the mail would count as not handed over.
            let code = sending.withUnsafeBytes {
                curl_easy_send(handle, $0.baseAddress, min($0.count, Self.oneRecord), &count)
            }
            guard code == CURLE_OK || code == CURLE_AGAIN else { return brokenPipe() }
            if code == CURLE_OK { handedOver(count) }
            allowance -= count
            blocked = code == CURLE_AGAIN || allowance <= 0
            if blocked { return }
        }
        blocked = false
    }

    private func handedOver(_ count: Int) {
        sending = sending.dropFirst(count)
        dialogue.handedOver(count)
        movedAt = .now
    }

    private static let oneRecord = 16_384
    private static let aTurn = 1 << 20

    /// The other side may have said why before it closed.
    private func brokenPipe() {
        receive()
        dialogue.lost()
    }

    func takeEndings() -> [SMTPEnding] { dialogue.takeEndings() }
}
