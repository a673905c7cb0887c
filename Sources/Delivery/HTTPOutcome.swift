package import Domain

/// How one HTTP transfer ended, as a value: everything the class of its outcome depends on, and nothing else.
package struct HTTPTransferEnd: Sendable, Hashable {
    /// libcurl's own result; by itself it classifies nothing.
    package var code: Int
    /// The words for it, for people.
    package var words: String
    /// Bytes of the request that left us; 0 while connecting, tunnelling and agreeing on TLS.
    package var requestBytes: Int
    /// libcurl took the last byte of the body from us. libcurl's own counter says 0 here after some failures.
    package var bodyHandedOver: Bool
    /// A complete status line, and whether the headers after it were complete. 0 and 1xx mean no answer yet.
    package var status: Int
    package var headersComplete: Bool
    /// More than we are ready to read came.
    package var oversized: Bool
    /// What a proxy said to CONNECT, if it said anything.
    package var proxyStatus: Int
    package var distrust: Bool
    package var misuse: Bool
    package init(
        code: Int = 0, words: String = "", requestBytes: Int = 0, bodyHandedOver: Bool = false, status: Int = 0,
        headersComplete: Bool = false, oversized: Bool = false, proxyStatus: Int = 0, distrust: Bool = false,
        misuse: Bool = false
    ) {
        self.code = code
        self.words = words
        self.requestBytes = requestBytes
        self.bodyHandedOver = bodyHandedOver
        self.status = status
        self.headersComplete = headersComplete
        self.oversized = oversized
        self.proxyStatus = proxyStatus
        self.distrust = distrust
        self.misuse = misuse
    }

    /// Nil when a complete reply was read. Asked in this order; when the whole request may have reached the other side,
    /// the answer is one of the unknown reasons.
    package var failure: DeliveryFailure? {
        if requestBytes == 0 { return beforeTheFirstByte }
        let complete = code == 0 && status >= 200 && headersComplete && !oversized
        if complete { return nil }
        if !bodyHandedOver { return fail(.unreachable) }
        // libcurl wanted to send it a second time on a new connection and was not let.
        if code == Self.abortedByUs || code == Self.notRewound { return fail(.noAnswer) }
        if status < 200 { return fail(.noAnswer) }
        return DeliveryFailure(
            .unintelligible, code: "HTTP \(status)", detail: oversized ? "the reply is too long" : words)
    }

    private var beforeTheFirstByte: DeliveryFailure {
        if proxyStatus == 407 { return DeliveryFailure(.badCredentials, code: "proxy 407", detail: words) }
        if distrust { return fail(.untrusted) }
        if misuse { return fail(.misconfigured) }
        // Locks that closed before anything was counted as sent: we cannot say that nothing left.
        if code == Self.abortedByUs || code == Self.notRewound { return fail(.noAnswer) }
        // A transfer cannot succeed without a request; if libcurl says so, we do not know what happened.
        return fail(code == 0 ? .noAnswer : .unreachable)
    }

    private func fail(_ reason: DeliveryFailure.Reason) -> DeliveryFailure {
        DeliveryFailure(reason, code: "curl \(code)", detail: words)
    }

    private static let abortedByUs = 42
    private static let notRewound = 65
}

extension DeliveryFailure {
    /// A request that cannot reach the resident may be repeated, whatever became of it.
    package func forExchange(delivers: Bool) -> DeliveryFailure {
        guard !delivers, outlook == .unknown else { return self }
        return DeliveryFailure(.unreachable, code: code, detail: detail, retryAfter: retryAfter)
    }
}
