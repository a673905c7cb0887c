import Domain
import Foundation

/// The only place that reads the clocks and draws chance.
enum Clocks {
    static func now() -> Moment {
        var time = timespec()
        // Counts through suspends, and no one can set it.
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Moment(wall: Date(), uptime: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    static let time = TimeSource { now() }
    static let random = RandomSource { UInt64.random(in: .min ... .max) }
}
