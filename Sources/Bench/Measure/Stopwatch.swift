import Glibc

/// Time as two processes of one machine agree on it.
package enum Stopwatch {
    /// Nanoseconds since the machine started.
    package static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// Seconds between two readings.
    package static func seconds(_ from: Int, _ to: Int) -> Double { Double(to - from) / 1e9 }
}
