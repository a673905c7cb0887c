import CCurl
import Domain

/// One easy handle: one transfer, or one SMTP session. Belongs to the thread of its loop.
typealias CurlHandle = UnsafeMutableRawPointer

enum Curl {
    /// libcurl asks for this once, before any thread of ours uses it.
    static let ready: Bool = curl_begin() == CURLE_OK
}

/// Sets options one after another and remembers the first refusal, so that none goes unnoticed.
struct CurlOptions {
    let handle: CurlHandle
    private(set) var refused: CURLcode?

    init(_ handle: CurlHandle) { self.handle = handle }

    private mutating func note(_ code: CURLcode) {
        if code != CURLE_OK, refused == nil { refused = code }
    }
    mutating func set(_ option: CURLoption, _ value: Bool) { note(curl_set_long(handle, option, value ? 1 : 0)) }
    mutating func set(_ option: CURLoption, _ value: Int) { note(curl_set_long(handle, option, value)) }
    /// Milliseconds; never 0, which libcurl reads as "for ever".
    mutating func set(_ option: CURLoption, _ value: Duration) {
        note(curl_set_long(handle, option, Int(max(1, min(value.milliseconds, 86_400_000)))))
    }
    mutating func set(size option: CURLoption, _ value: Int) { note(curl_set_size(handle, option, curl_off_t(value))) }
    mutating func set(_ option: CURLoption, _ text: String?) { note(curl_set_text(handle, option, text)) }
    mutating func set(_ option: CURLoption, owner: UnsafeMutableRawPointer) {
        note(curl_set_pointer(handle, option, owner))
    }
    mutating func set(_ option: CURLoption, _ stream: @escaping curl_stream) {
        note(curl_set_stream(handle, option, stream))
    }
    mutating func set(_ option: CURLoption, list: UnsafeMutablePointer<curl_slist>?) {
        note(curl_set_list(handle, option, list))
    }
    mutating func set(address: OpaquePointer?) { note(curl_set_address(handle, address)) }
    mutating func set(prereq: @escaping curl_prereq) { note(curl_set_prereq(handle, prereq)) }
    mutating func set(seek: @escaping curl_seek) { note(curl_set_seek(handle, seek)) }
    mutating func set(opened: @escaping curl_opened) { note(curl_set_opened(handle, opened)) }
    mutating func set(opening: @escaping curl_opening) { note(curl_set_opening(handle, opening)) }
    mutating func set(closing: @escaping curl_closing) { note(curl_set_closing(handle, closing)) }

    /// What both protocols share: who is trusted, which way the bytes go, how long connecting may take.
    mutating func setConnection(_ settings: AccountSettings, protocols: String) {
        set(CURLOPT_NOSIGNAL, true)
        set(CURLOPT_PROTOCOLS_STR, protocols)
        // The empty text also switches off http_proxy and its kin in the environment.
        set(CURLOPT_PROXY, settings.proxy ?? "")
        set(CURLOPT_NOPROXY, "")
        set(CURLOPT_CONNECTTIMEOUT_MS, settings.connectTimeout)
        set(CURLOPT_TIMEOUT_MS, settings.timeout)
        set(CURLOPT_TCP_KEEPALIVE, true)
        set(CURLOPT_SSL_VERIFYPEER, true)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        guard let file = settings.caFile else { return }
        set(CURLOPT_CAINFO, file)
        // Debian's build trusts a directory as well: ours is instead of it, not beside it.
        set(CURLOPT_CAPATH, nil)
    }
}

extension CURLcode {
    /// Certificate, name or TLS could not be agreed on; nothing of ours was said.
    var isDistrust: Bool { Self.distrust.contains(rawValue) }
    private static let distrust = Set(
        [
            CURLE_SSL_CONNECT_ERROR, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_PEER_FAILED_VERIFICATION, CURLE_USE_SSL_FAILED, CURLE_SSL_ENGINE_INITFAILED,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT,
        ].map(\.rawValue))

    /// libcurl would not even begin: the URL, the proxy or an option is wrong.
    var isMisuse: Bool { Self.misuse.contains(rawValue) }
    private static let misuse = Set(
        [
            CURLE_UNSUPPORTED_PROTOCOL, CURLE_FAILED_INIT, CURLE_URL_MALFORMAT, CURLE_NOT_BUILT_IN,
            CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION,
        ].map(\.rawValue))

    var words: String { curl_easy_strerror(self).map { String(cString: $0) } ?? "" }
}
