import CCurl
import Domain

/// One request on the wire: what libcurl still takes from us, and what came back so far. Lives on the loop's thread;
/// libcurl holds a bare pointer to it, so `HTTPTransfers` keeps it until the handle is out of the multi.
final class HTTPTransfer {
    private var largestReply = 64 * 1024

    let call: HTTPCall
    let exchange: HTTPExchange
    /// How many exchanges of this call came before.
    let link: Int
    private var given = 0
    /// libcurl asks before each request line it writes: the second one is a repeat.
    private(set) var requestsBegun = 0
    private var headers: [HTTPRequest.Header] = []
    private var headerBytes = 0
    private var heardStatus = 0
    private var headersComplete = false
    private var body: [UInt8] = []
    private var oversized = false
    private var list: UnsafeMutablePointer<curl_slist>?

    init(_ call: HTTPCall, _ exchange: HTTPExchange, link: Int) {
        self.call = call
        self.exchange = exchange
        self.link = link
    }

    deinit { curl_slist_free_all(list) }

    /// Every option of every request is set here, after a reset: nothing of the last message can stay behind.
    func prepare(_ handle: CurlHandle, _ settings: AccountSettings) throws(DeliveryFailure) {
        let request = exchange.request
        largestReply = settings.largestReply
        try request.check()
        curl_easy_reset(handle)
        var options = CurlOptions(handle)
        options.setConnection(settings, protocols: "https,http")
        options.set(CURLOPT_URL, request.url)
        options.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        options.set(CURLOPT_FOLLOWLOCATION, false)
        if let socket = settings.unixSocket { options.set(CURLOPT_UNIX_SOCKET_PATH, socket) }
        options.set(CURLOPT_MAXAGE_CONN, Int(max(1, settings.idleLimit.components.seconds)))
        options.set(CURLOPT_FORBID_REUSE, settings.freshConnections)
        options.set(CURLOPT_FRESH_CONNECT, settings.freshConnections)
        setMethod(request, &options)
        setHeaders(request)
        options.set(CURLOPT_HTTPHEADER, list: list)
        setStreams(&options)
        if let refused = options.refused {
            throw DeliveryFailure(.misconfigured, code: "curl \(refused.rawValue)", detail: refused.words)
        }
    }

    private func setMethod(_ request: HTTPRequest, _ options: inout CurlOptions) {
        if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            options.set(CURLOPT_POST, true)
            // The size is said beforehand: no chunks, and a body cut short cannot pass for a whole one.
            options.set(size: CURLOPT_POSTFIELDSIZE_LARGE, request.body.count)
        } else if request.method == "HEAD" {
            options.set(CURLOPT_NOBODY, true)
        } else {
            options.set(CURLOPT_HTTPGET, true)
        }
        options.set(CURLOPT_CUSTOMREQUEST, request.method)
    }

    private func setHeaders(_ request: HTTPRequest) {
        // "Expect: 100-continue" would allow a 417, and after it a repeat.
        list = curl_slist_append(list, "Expect:")
        let names = Set(request.headers.map { $0.name.lowercased() })
        if !names.contains("content-type") { list = curl_slist_append(list, "Content-Type:") }
        if !names.contains("user-agent") { list = curl_slist_append(list, "User-Agent: Vestnik") }
        for header in request.headers { list = curl_slist_append(list, header.line) }
    }

    private func setStreams(_ options: inout CurlOptions) {
        let this = Unmanaged.passUnretained(self).toOpaque()
        options.set(CURLOPT_PRIVATE, owner: this)
        options.set(CURLOPT_READDATA, owner: this)
        options.set(CURLOPT_READFUNCTION) { HTTPTransfer.at($3)?.give($0, $1 * $2) ?? Int(CURL_READFUNC_ABORT) }
        // Two locks on the door by which libcurl repeats a request when a reused connection dies under it: the body
        // cannot be rewound, and a second request line is not begun (https://github.com/curl/curl/pull/18417).
        options.set(seek: { _, _, _ in CURL_SEEKFUNC_FAIL })
        options.set(CURLOPT_PREREQDATA, owner: this)
        options.set(prereq: { raw, _, _, _, _ in
            HTTPTransfer.at(raw)?.mayBegin() == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        })
        options.set(CURLOPT_HEADERDATA, owner: this)
        options.set(CURLOPT_HEADERFUNCTION) { HTTPTransfer.at($3)?.hear($0, $1 * $2) ?? 0 }
        options.set(CURLOPT_WRITEDATA, owner: this)
        options.set(CURLOPT_WRITEFUNCTION) { HTTPTransfer.at($3)?.read($0, $1 * $2) ?? 0 }
    }

    /// The value that says how it ended; `handle` still holds libcurl's counters.
    func end(_ handle: CurlHandle, _ code: CURLcode) -> HTTPTransferEnd {
        HTTPTransferEnd(
            code: Int(code.rawValue), words: code == CURLE_OK ? "" : code.words,
            // A proxy's CONNECT counts as request bytes too; ours begin with the first leave to begin.
            requestBytes: requestsBegun == 0 ? 0 : curl_get_long(handle, CURLINFO_REQUEST_SIZE),
            bodyHandedOver: given == exchange.request.body.count,
            status: curl_get_long(handle, CURLINFO_RESPONSE_CODE), headersComplete: headersComplete,
            oversized: oversized, proxyStatus: curl_get_long(handle, CURLINFO_HTTP_CONNECTCODE),
            distrust: code.isDistrust, misuse: code.isMisuse)
    }

    func response(_ end: HTTPTransferEnd) -> HTTPResponse { HTTPResponse(end.status, headers: headers, body: body) }
}

/// What libcurl calls.
extension HTTPTransfer {
    static func at(_ raw: UnsafeMutableRawPointer?) -> HTTPTransfer? {
        raw.map { Unmanaged<HTTPTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func mayBegin() -> Bool {
        requestsBegun += 1
        return requestsBegun == 1
    }

    private func give(_ room: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int {
        let count = min(size, exchange.request.body.count - given)
        guard let room, count > 0 else { return 0 }
        let target = UnsafeMutableRawBufferPointer(start: room, count: count)
        exchange.request.body.withUnsafeBytes { target.copyMemory(from: .init(rebasing: $0[given..<given + count])) }
        given += count
        return count
    }

    /// One header line. A status line begins a new set: after `100 Continue` comes another.
    private func hear(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int {
        guard let bytes, !headersComplete else { return size }
        headerBytes += size
        guard headerBytes <= largestReply else { return refuseMore() }
        let line = UnsafeRawBufferPointer(start: bytes, count: size)
        if line.starts(with: "HTTP/".utf8) {
            headers = []
            heardStatus = Self.status(in: line)
        } else if line.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) {
            headersComplete = heardStatus >= 200
        } else if let header = Self.header(in: line) {
            headers.append(header)
        }
        return size
    }

    /// `HTTP/1.1 200 OK`
    private static func status(in line: UnsafeRawBufferPointer) -> Int {
        let words = line.split(separator: 0x20, maxSplits: 2)
        return words.count < 2 ? 0 : Int(String(decoding: words[1].prefix(3), as: UTF8.self)) ?? 0
    }

    private static func header(in line: UnsafeRawBufferPointer) -> HTTPRequest.Header? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
        let end = value.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? value.startIndex
        return HTTPRequest.Header(
            String(decoding: line[..<colon], as: UTF8.self).lowercased(),
            String(decoding: value[value.startIndex..<end], as: UTF8.self))
    }

    private func read(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int {
        guard body.count + size <= largestReply else { return refuseMore() }
        body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: size))
        return size
    }

    private func refuseMore() -> Int {
        oversized = true
        return 0
    }
}
