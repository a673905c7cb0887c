package import Domain
import FoundationEssentials

/// What the statuses mean that all providers share. A provider asks here after its own table of codes.
package enum HTTPAnswer {
    /// How long we wait when we are told to slow down but not for how long.
    package static let defaultPause = Duration.seconds(60)
    package static let longestPause = Duration.seconds(3600)

    /// - Parameter serverErrorsMeanRetry: the provider declares that it never accepts and then answers 500.
    /// - Returns: the failure a reply means whose own code is unknown or absent. A 2xx is `unintelligible` here: a
    ///   status alone never means accepted.
    package static func common(_ response: HTTPResponse, serverErrorsMeanRetry: Bool = false) -> DeliveryFailure {
        let code = "HTTP \(response.status)"
        switch response.status {
        // Never followed: the address in our settings is wrong.
        case 301, 302, 307, 308: return DeliveryFailure(.misconfigured, code: code)
        case 401, 403, 407: return DeliveryFailure(.badCredentials, code: code)
        case 402: return DeliveryFailure(.outOfFunds, code: code)
        case 408, 429: return DeliveryFailure(.throttled, code: code, retryAfter: pause(in: response))
        case 413: return DeliveryFailure(.tooLong, code: code)
        case 503 where response.header("retry-after") != nil:
            return DeliveryFailure(.throttled, code: code, retryAfter: pause(in: response))
        case 500, 502, 503, 504: return DeliveryFailure(serverErrorsMeanRetry ? .unreachable : .noAnswer, code: code)
        // Among them 303, which usually follows a success.
        default: return DeliveryFailure(.unintelligible, code: code)
        }
    }

    /// Seconds, or a date measured against the server's own `Date`; anything else, a past date and a negative number
    /// give the default. At most an hour, never less than nothing.
    package static func pause(in response: HTTPResponse) -> Duration {
        guard let text = response.header("retry-after") else { return defaultPause }
        let digits = text.utf8
        if !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) {
            // More digits than an Int holds are more than an hour, too.
            return min(.seconds(Int(text) ?? Int.max >> 10), longestPause)
        }
        guard let until = HTTPDate.parse(text), let now = response.header("date").flatMap(HTTPDate.parse) else {
            return defaultPause
        }
        let rest = until - now
        return rest > 0 ? min(.seconds(rest), longestPause) : defaultPause
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
