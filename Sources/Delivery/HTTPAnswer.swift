package import Domain
package import FoundationEssentials

/// What the statuses mean that all providers share. A provider asks here after its own table of codes.
package enum HTTPAnswer {
    /// - Parameter serverErrorsMeanRetry: the provider declares that it never accepts and then answers 500.
    /// - Parameter now: our clock, for a `Retry-After` that names a date.
    /// - Returns: the failure a reply means whose own code is unknown or absent. A 2xx is `unintelligible` here: a
    ///   status alone never means accepted.
    package static func common(
        _ response: HTTPResponse, serverErrorsMeanRetry: Bool = false, at now: Date
    ) -> DeliveryFailure {
        let reason = reason(response, serverErrorsMeanRetry: serverErrorsMeanRetry)
        return DeliveryFailure(
            reason, code: "HTTP \(response.status)", retryAfter: pause(in: response, for: reason, at: now))
    }

    private static func reason(_ response: HTTPResponse, serverErrorsMeanRetry: Bool) -> DeliveryFailure.Reason {
        switch response.status {
        // Never followed: the address in our settings is wrong.
        case 301, 302, 307, 308: .misconfigured
        case 401, 403, 407: .badCredentials
        case 402: .outOfFunds
        case 408, 429: .throttled
        case 413: .tooLong
        case 503 where response.header("retry-after") != nil: .throttled
        case 500, 502, 503, 504: serverErrorsMeanRetry ? .unreachable : .noAnswer
        // Among them 303, which usually follows a success.
        default: .unintelligible
        }
    }

    /// How long the other side asks us to wait, in its `Retry-After` or else in its words; nil where it names no time
    /// or waiting would not help.
    package static func pause(
        in response: HTTPResponse, for reason: DeliveryFailure.Reason, at now: Date
    ) -> Duration? {
        guard DeliveryFailure(reason).outlook == .temporary else { return nil }
        return retryAfter(in: response, at: now) ?? AskedPause.named(in: response.body)
    }

    /// Seconds, or a date (RFC 9110 §10.2.3). A date is measured against the server's own `Date`, so that a clock set
    /// wrong on either side does no harm, and against ours where it says none. What makes no sense, a negative number
    /// and a date that is over name no time.
    private static func retryAfter(in response: HTTPResponse, at now: Date) -> Duration? {
        guard let text = response.header("retry-after") else { return nil }
        if let seconds = AskedPause.seconds(Array(text.utf8)) { return AskedPause.bounded(seconds) }
        guard let until = HTTPDate.parse(text) else { return nil }
        let theirs = response.header("date").flatMap(HTTPDate.parse).map(Double.init)
        let rest = Double(until) - (theirs ?? now.timeIntervalSince1970)
        return rest > 0 ? AskedPause.bounded(rest) : nil
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7), as seconds since 1970. The two obsolete forms are not read.
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func parse(_ text: String) -> Int? {
        let words = text.utf8.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), (1...31).contains(day),
            let month = months.firstIndex(of: words[2]), let year = Int(words[3]), (1970...9999).contains(year)
        else { return nil }
        let clock = words[4].utf8.split(separator: UInt8(ascii: ":")).map { Int(String(decoding: $0, as: UTF8.self)) }
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        return (days(year, month + 1, day) * 24 + hour) * 3600 + minute * 60 + second
    }

    /// Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let era = year / 400
        let yearOfEra = year - era * 400
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
