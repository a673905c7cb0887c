import Domain
import Foundation
import Synchronization
import Worker

/// The only place that reads the clocks and draws chance.
enum Clocks {
    static func now() -> Moment {
        var time = timespec()
        // Counts through suspends, and no one can set it.
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Moment(wall: Date(), uptime: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// For what takes less than a millisecond.
    @Sendable static func nanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The days of a zone, for daily caps.
    static func day(in zone: String) -> @Sendable (Date) -> HouseDay {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
        // Asked each turn, and the answer changes once a day; an hour, because a zone can change its clocks within a day.
        let known = Mutex<(start: Date, hour: Double, day: HouseDay)?>(nil)
        return { [calendar] date in
            let hour = (date.timeIntervalSince1970 / 3600).rounded(.down)
            if let known = known.withLock({ $0 }), known.hour == hour, known.start <= date, date < known.day.end {
                return known.day
            }
            let today = calendar.dateInterval(of: .day, for: date)
            let end = today?.end ?? date.addingTimeInterval(86_400)
            let middle = end.addingTimeInterval(-43_200)
            let local = middle.timeIntervalSince1970 + Double(calendar.timeZone.secondsFromGMT(for: middle))
            let day = HouseDay(number: Int((local / 86_400).rounded(.down)), end: end)
            known.withLock { $0 = (today?.start ?? date, hour, day) }
            return day
        }
    }

    static let time = TimeSource { now() }

    /// For pauses and shares, not for secrets: a call of the kernel per message would be too much for them.
    static let random: RandomSource = {
        // SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
        let state = Atomic<UInt64>(UInt64.random(in: .min ... .max))
        return RandomSource {
            var bits = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
            bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
            return bits ^ (bits >> 31)
        }
    }()

    /// So many bytes that nobody can guess, from the kernel.
    static func secretBytes(_ count: Int) -> [UInt8] {
        var chance = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &chance) }
    }
}
