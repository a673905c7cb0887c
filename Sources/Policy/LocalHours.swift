package import Domain
package import Foundation

extension QuietHours {
    /// When the present quiet hours end on the clock of `zone`; nil when it is not quiet now.
    package func end(after now: Date, zone: String, otherwise: String) -> Date? {
        QuietClock(hours: self, zone: zone, otherwise: otherwise).end(after: now)
    }
}

/// The quiet hours of a purpose on the clock of one addressee.
package struct QuietClock: Sendable, Hashable {
    /// Nil: it is never quiet.
    package let hours: QuietHours?
    /// Nil without hours: most purposes have none, and a zone is dear to find.
    private let zone: TimeZone?

    /// An unknown zone falls back to `otherwise`: `config check` and the import refuse unknown zones, so this is about
    /// a machine whose tzdata is older than its books.
    package init(hours: QuietHours?, zone: String, otherwise: String) {
        self.hours = hours
        self.zone = hours == nil ? nil : TimeZone(identifier: zone) ?? TimeZone(identifier: otherwise) ?? .gmt
    }

    /// When the present quiet hours end; nil when it is not quiet now.
    package func end(after now: Date) -> Date? {
        guard let hours, let zone else { return nil }
        var time = now
        // A night may run into weekend hours, or into hours that leave no gap: walk from edge to edge, two weeks at
        // most, so that hours which never end cannot hold a worker for ever.
        for _ in 0..<28 {
            let local = LocalTime(time, in: zone)
            let span = local.isWeekend ? hours.weekend : hours.workingDay
            guard span.contains(local.minute) else { break }
            // Midnight changes the day and with it perhaps the hours, so a night is walked in two steps.
            let edge = span.to > local.minute ? span.to : 1440
            time = local.next(minute: edge)
        }
        return time == now ? nil : time
    }

    /// When it becomes quiet next, or now if it is; `distantFuture` where that is more than two weeks away.
    package func quiet(from now: Date) -> Date {
        guard hours != nil else { return .distantFuture }
        var time = now
        for _ in 0..<28 {
            let stretch = stretch(at: time)
            if stretch.isQuiet { return time }
            time = stretch.end
        }
        return .distantFuture
    }

    /// `time` later on a clock that stands still while it is quiet.
    package func after(_ time: Duration, from now: Date) -> Date {
        guard hours != nil else { return now.addingTimeInterval(time.seconds) }
        var left = time.seconds
        var date = now
        // A year of nights: waits are bounded by days, hours that are always quiet end here.
        for _ in 0..<800 {
            let stretch = stretch(at: date)
            let length = stretch.end.timeIntervalSince(date)
            if !stretch.isQuiet {
                if left <= length { return date.addingTimeInterval(left) }
                left -= length
            }
            date = stretch.end
        }
        return date
    }

    /// Whether it is quiet, and until when at least that does not change: the next edge or midnight.
    private func stretch(at time: Date) -> (isQuiet: Bool, end: Date) {
        guard let hours, let zone else { return (false, time.addingTimeInterval(86_400)) }
        let local = LocalTime(time, in: zone)
        let span = local.isWeekend ? hours.weekend : hours.workingDay
        let isQuiet = span.contains(local.minute)
        let edges = span.from == span.to ? [] : isQuiet ? [span.to] : [span.from]
        return (isQuiet, local.next(minute: edges.first { $0 > local.minute } ?? 1440))
    }
}

/// The face of a clock on a wall, by arithmetic from the zone's offset: no Calendar on the path of each message.
struct LocalTime {
    let date: Date
    let zone: TimeZone
    /// After midnight, 0…1439.
    let minute: Int
    /// Into the minute, 0..<60.
    let seconds: Double
    let isWeekend: Bool

    init(_ date: Date, in zone: TimeZone) {
        self.date = date
        self.zone = zone
        let local = date.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: date))
        let day = (local / 86_400).rounded(.down)
        let ofDay = local - day * 86_400
        minute = Int(ofDay / 60)
        seconds = ofDay - Double(minute) * 60
        // 1970-01-01 was a Thursday: day 0 is the fourth of the week.
        let weekday = (Int(day) % 7 + 7 + 3) % 7
        isWeekend = weekday >= 5
    }

    /// When the clock shows `minute`, later than this one, 0…1440, on the same day: a whole second. A sum of fractions
    /// would end a hair before it, and be told as the second before.
    func next(minute later: Int) -> Date {
        let sum = date.addingTimeInterval(Double((later - minute) * 60) - seconds)
        let plain = Date(timeIntervalSince1970: sum.timeIntervalSince1970.rounded())
        // The night the clocks change is an hour longer or shorter than the faces say.
        let change = zone.secondsFromGMT(for: date) - zone.secondsFromGMT(for: plain)
        let corrected = plain.addingTimeInterval(Double(change))
        // A time that the change skips does not exist: take the first one after it.
        return corrected > date ? corrected : plain
    }
}
