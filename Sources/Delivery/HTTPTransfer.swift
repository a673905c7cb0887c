import CCurl
import Domain
import Glibc

/// One of libcurl's handles and all that a request on it needs; used again and again. Lives on the loop's thread; libcurl
/// holds a bare pointer to it, so `HTTPTransfers` keeps it as long as the handle.
///
/// What never changes within an account is set once. A request sets its URL, its headers and its body. Where its method is
/// another than that of the request before it, and after anything but a complete reply, the handle is reset and everything
/// is set anew.
final class HTTPTransfer {
    let handle: CurlHandle
    private(set) var work: HTTPWork?
    private var exchange: HTTPExchange?
    /// How many exchanges of this work came before.
    private(set) var link = 0

    private let settings: AccountSettings
    private let sockets: SocketMulti
    private var form: HTTPForm?
    private var url = ""
    /// The same, taken apart by libcurl: most providers have one URL for all messages, and libcurl would take it apart and
    /// put it together again for each.
    private let address = curl_url()
    private var list = HeaderList()
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var small = SmallBody()
    private var sending = HTTPSending()
    private var hearing: HTTPHearing
    /// An address was not to be reached.
    private var refusedAddress = false

    init(_ handle: CurlHandle, _ settings: AccountSettings, _ sockets: SocketMulti) {
        self.handle = handle
        self.settings = settings
        self.sockets = sockets
        hearing = HTTPHearing(largest: settings.largestReply)
    }

    /// The handle is out of the multi.
    func free() {
        curl_easy_cleanup(handle)
        curl_url_cleanup(address)
        list.free()
        small.free()
    }

    var delivers: Bool { exchange?.delivers ?? true }
    var hasBegun: Bool { sending.begun > 0 }

    // MARK: Before

    /// - Throws: `misconfigured` when the request would be something else on the wire than here, or libcurl refuses it.
    func prepare(_ work: HTTPWork, _ exchange: HTTPExchange, link: Int) throws(DeliveryFailure) {
        let request = exchange.request
        var options = CurlOptions(handle)
        try request.headers.check()
        let form = HTTPForm(request)
        if form != self.form {
            try request.checkMethod()
            setAll(form, &options)
        }
        // Not to be trusted until all of it is set.
        self.form = nil
        // By bytes: two spellings of one text are two addresses.
        if !request.url.utf8.elementsEqual(url.utf8) {
            try request.checkURL()
            guard curl_url_set(address, CURLUPART_URL, request.url, 0) == CURLUE_OK else {
                throw DeliveryFailure(.misconfigured, detail: "libcurl makes nothing of the request's URL")
            }
            options.set(address: address)
        }
        let headers = list.fill(request.headers)
        if headers != self.headers { options.set(CURLOPT_HTTPHEADER, list: headers) }
        self.headers = headers
        setBody(request, form, &options)
        if let refused = options.refused {
            throw DeliveryFailure(.misconfigured, code: "curl \(refused.rawValue)", detail: refused.words)
        }
        (self.form, url) = (form, request.url)
        sending.begin(form.body == .streamed ? request.body : [])
        hearing.begin()
        refusedAddress = false
        (self.work, self.exchange, self.link) = (work, exchange, link)
    }

    private func setAll(_ form: HTTPForm, _ options: inout CurlOptions) {
        curl_easy_reset(handle)
        (url, headers) = ("", nil)
        options.setConnection(settings, protocols: settings.guarded?.protocols ?? "https,http")
        options.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        options.set(CURLOPT_FOLLOWLOCATION, false)
        if let socket = settings.unixSocket { options.set(CURLOPT_UNIX_SOCKET_PATH, socket) }
        options.set(CURLOPT_MAXAGE_CONN, Int(max(1, settings.idleLimit.components.seconds)))
        options.set(CURLOPT_FORBID_REUSE, settings.freshConnections)
        options.set(CURLOPT_FRESH_CONNECT, settings.freshConnections)
        setMethod(form, &options)
        setStreams(&options)
        sockets.setSockets(&options)
        guard settings.guarded != nil else { return }
        options.set(CURLOPT_OPENSOCKETDATA, owner: Unmanaged.passUnretained(self).toOpaque())
        options.set(opening: { raw, _, address in
            guard let address else { return CURL_SOCKET_BAD }
            return HTTPTransfer.at(raw)?.open(address) ?? CURL_SOCKET_BAD
        })
    }

    /// libcurl tries the next address of the name, if there is one.
    private func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        guard let exchange, let guarded = settings.guarded else { return CURL_SOCKET_BAD }
        let encrypted = !exchange.request.url.lowercased().utf8.starts(with: "http:".utf8)
        let socket = guarded.open(address, encrypted: encrypted)
        if socket == CURL_SOCKET_BAD { refusedAddress = true }
        return socket
    }

    private func setMethod(_ form: HTTPForm, _ options: inout CurlOptions) {
        switch form.body {
        case .oneSend, .streamed: options.set(CURLOPT_POST, true)
        case .none where form.method == "HEAD": options.set(CURLOPT_NOBODY, true)
        case .none: options.set(CURLOPT_HTTPGET, true)
        }
        options.set(CURLOPT_CUSTOMREQUEST, form.method)
    }

    private func setBody(_ request: HTTPRequest, _ form: HTTPForm, _ options: inout CurlOptions) {
        guard form.body != .none else { return }
        // The size is said beforehand: no chunks, and a body cut short cannot pass for a whole one.
        options.set(size: CURLOPT_POSTFIELDSIZE_LARGE, request.body.count)
        if form.body == .oneSend { options.set(CURLOPT_POSTFIELDS, owner: small.fill(request.body)) }
    }

    private func setStreams(_ options: inout CurlOptions) {
        let this = Unmanaged.passUnretained(self).toOpaque()
        options.set(CURLOPT_PRIVATE, owner: this)
        options.set(CURLOPT_READDATA, owner: this)
        options.set(CURLOPT_READFUNCTION) {
            HTTPTransfer.at($3)?.sending.give($0, $1 * $2) ?? Int(CURL_READFUNC_ABORT)
        }
        // Two locks on the door by which libcurl repeats a request when a reused connection dies under it: a second request
        // line is not begun, and a body that libcurl asks us for cannot be rewound
        // (https://github.com/curl/curl/pull/18417).
        options.set(seek: { _, _, _ in CURL_SEEKFUNC_FAIL })
        options.set(CURLOPT_PREREQDATA, owner: this)
        options.set(prereq: { raw, _, _, _, _ in
            HTTPTransfer.at(raw)?.sending.mayBegin() == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        })
        options.set(CURLOPT_HEADERDATA, owner: this)
        options.set(CURLOPT_HEADERFUNCTION) { HTTPTransfer.at($3)?.hearing.hear($0, $1 * $2) ?? 0 }
        options.set(CURLOPT_WRITEDATA, owner: this)
        options.set(CURLOPT_WRITEFUNCTION) { HTTPTransfer.at($3)?.hearing.read($0, $1 * $2) ?? 0 }
    }

    // MARK: After

    /// What the reply means to the provider, or why there is none; the handle still holds libcurl's counters.
    func outcome(_ code: CURLcode) -> Result<HTTPStep, DeliveryFailure> {
        guard let exchange else { return .failure(DeliveryFailure(.noAnswer)) }
        let end = end(code, exchange.request)
        // libcurl counts in its handles how often it wanted to repeat, and behaves differently from the sixth time on.
        if code != CURLE_OK { form = nil }
        if let failure = end.failure { return .failure(refusedAddress ? .refusedAddress(failure) : failure) }
        do throws(DeliveryFailure) {
            return .success(
                try exchange.read(HTTPResponse(end.status, head: hearing.head, body: hearing.body)))
        } catch {
            return .failure(error)
        }
    }

    private func end(_ code: CURLcode, _ request: HTTPRequest) -> HTTPTransferEnd {
        // Cut by us, and the rest was not asked for.
        let isCut = settings.acceptsCutReplies && hearing.oversized && hearing.headersComplete
        let code = isCut ? CURLE_OK : code
        return HTTPTransferEnd(
            code: Int(code.rawValue), words: code == CURLE_OK ? "" : code.words,
            // A proxy's CONNECT counts as request bytes too; ours begin with the first leave to begin.
            requestBytes: hasBegun ? curl_get_long(handle, CURLINFO_REQUEST_SIZE) : 0,
            // Like a request without a body, one that leaves in one send is whole as soon as one byte has left.
            bodyHandedOver: form?.body != .streamed || sending.given == request.body.count,
            status: curl_get_long(handle, CURLINFO_RESPONSE_CODE), headersComplete: hearing.headersComplete,
            oversized: hearing.oversized && !isCut,
            proxyStatus: code == CURLE_OK ? 0 : curl_get_long(handle, CURLINFO_HTTP_CONNECTCODE),
            distrust: code.isDistrust, misuse: code.isMisuse)
    }

    /// Nothing of the conversation is kept but the memory it used.
    func rest() {
        (work, exchange, link) = (nil, nil, 0)
        sending = HTTPSending()
    }

    /// Somebody does not want to hear the end.
    func giveUp() {
        form = nil
        rest()
    }

    static func of(_ handle: CurlHandle) -> HTTPTransfer? { at(curl_get_private(handle)) }

    private static func at(_ raw: UnsafeMutableRawPointer?) -> HTTPTransfer? {
        raw.map { Unmanaged<HTTPTransfer>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// What of a request decides how a handle is set up.
struct HTTPForm: Equatable {
    enum Body: Equatable {
        case none
        /// Handed to libcurl whole, which sends it together with the headers: one packet and one system call instead of
        /// two of each, a quarter of what an SMS costs on the wire.
        case oneSend
        /// Asked for by libcurl piece by piece.
        case streamed
    }
    /// So much of a request fits into the buffer of an idle socket at once; bytes.
    static let largestSend = 8 * 1024

    let method: String
    let body: Body

    init(_ request: HTTPRequest) {
        method = request.method
        let hasBody = !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(method)
        body = !hasBody ? .none : request.body.count <= Self.largestSend ? .oneSend : .streamed
    }
}

/// A body as libcurl reads it until the transfer has ended, in memory that the next request uses again.
struct SmallBody {
    private var memory: UnsafeMutableRawBufferPointer?

    mutating func fill(_ body: [UInt8]) -> UnsafeMutableRawPointer {
        let memory = memory ?? .allocate(byteCount: HTTPForm.largestSend + 1, alignment: 1)
        self.memory = memory
        memory.copyBytes(from: body)
        // libcurl takes no nil for an empty body.
        return memory.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 1)!
    }

    func free() { memory?.deallocate() }
}

/// What libcurl still takes from us.
struct HTTPSending {
    private var body: [UInt8] = []
    private(set) var given = 0
    /// libcurl asks before each request line it writes: the second one is a repeat.
    private(set) var begun = 0

    mutating func begin(_ body: [UInt8]) {
        self.body = body
        (given, begun) = (0, 0)
    }

    mutating func mayBegin() -> Bool {
        begun += 1
        return begun == 1
    }

    mutating func give(_ room: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int {
        let count = min(size, body.count - given)
        guard let room, count > 0 else { return 0 }
        let target = UnsafeMutableRawBufferPointer(start: room, count: count)
        body.withUnsafeBytes { target.copyMemory(from: .init(rebasing: $0[given..<given + count])) }
        given += count
        return count
    }
}
