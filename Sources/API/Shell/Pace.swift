import Domain
import Synchronization

/// A token bucket for each key: so many requests a second, and a short burst above it. In memory: after a restart all
/// buckets are full.
package final class Pace: Sendable {
    package struct Rule: Sendable, Hashable {
        /// Requests a second.
        package var rate: Int
        /// Requests at once.
        package var burst: Int
        package init(rate: Int, burst: Int) {
            self.rate = rate
            self.burst = burst
        }
    }

    struct Standing {
        /// As draft-ietf-httpapi-ratelimit-headers has it.
        let policy: String
        let header: String
        /// Whole seconds until one more is let in; nil: this one is.
        let wait: Int?
    }

    private struct Bucket {
        /// Thousandths of a request.
        var level: Int64
        var at: Int64
    }

    private let rule: Rule
    private let policy: String
    private let buckets = Mutex([String: Bucket]())

    package init(_ rule: Rule) {
        self.rule = rule
        policy = "\"key\";q=\(rule.burst);w=\(max(1, rule.burst / max(1, rule.rate)))"
    }

    /// - Parameters:
    ///   - key: the public part of a key that has been checked: strangers cannot fill this memory.
    ///   - uptime: milliseconds.
    func take(from key: String, at uptime: Int64) -> Standing {
        let (full, rate) = (Int64(rule.burst) * 1000, Int64(rule.rate))
        let (level, isIn) = buckets.withLock { buckets in
            var bucket = buckets[key] ?? Bucket(level: full, at: uptime)
            bucket.level = min(full, bucket.level + max(0, uptime - bucket.at) * rate)
            bucket.at = max(bucket.at, uptime)
            let isIn = bucket.level >= 1000
            if isIn { bucket.level -= 1000 }
            buckets[key] = bucket
            return (bucket.level, isIn)
        }
        let wait = isIn ? nil : Int(max(1, (1000 - level + rate * 1000 - 1) / (rate * 1000)))
        let untilFull = (full - level + rate * 1000 - 1) / (rate * 1000)
        return Standing(policy: policy, header: "\"key\";r=\(level / 1000);t=\(untilFull)", wait: wait)
    }
}
