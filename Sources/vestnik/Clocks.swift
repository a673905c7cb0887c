import Domain
import Foundation
import Worker

/// The only place that reads the clocks and draws chance.
enum Clocks {
    static func now() -> Moment {
        var time = timespec()
        // Counts through suspends, and no one can set it.
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Moment(wall: Date(), uptime: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// The days of a zone, for daily caps.
    static func day(in zone: String) -> @Sendable (Date) -> HouseDay {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
        return { [calendar] date in
            let end = calendar.dateInterval(of: .day, for: date)?.end ?? date.addingTimeInterval(86_400)
            let middle = end.addingTimeInterval(-43_200)
            let local = middle.timeIntervalSince1970 + Double(calendar.timeZone.secondsFromGMT(for: middle))
            return HouseDay(number: Int((local / 86_400).rounded(.down)), end: end)
        }
    }

    static let time = TimeSource { now() }
    static let random = RandomSource { UInt64.random(in: .min ... .max) }
}
