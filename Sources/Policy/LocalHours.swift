package import Domain
package import Foundation

extension QuietHours {
    /// When the present quiet hours end on the clock of `zone`; nil when it is not quiet now.
    ///
    /// An unknown zone falls back to `otherwise`: `config check` and the import refuse unknown zones, so this is about
    /// a machine whose tzdata is older than its books.
    package func end(after now: Date, zone: String, otherwise: String) -> Date? {
        let zone = TimeZone(identifier: zone) ?? TimeZone(identifier: otherwise) ?? .gmt
        var time = now
        // A night may run into weekend hours, or into hours that leave no gap: walk from edge to edge, two weeks at
        // most, so that hours which never end cannot hold a worker for ever.
        for _ in 0..<28 {
            let local = LocalTime(time, in: zone)
            let span = local.isWeekend ? weekend : workingDay
            guard span.contains(local.minute) else { break }
            // Midnight changes the day and with it perhaps the hours, so a night is walked in two steps.
            let edge = span.to > local.minute ? span.to : 1440
            time = local.next(minute: edge)
        }
        return time == now ? nil : time
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

    /// When the clock shows `minute`, later than this one, 0…1440, on the same day.
    func next(minute later: Int) -> Date {
        let plain = date.addingTimeInterval(Double((later - minute) * 60) - seconds)
        // The night the clocks change is an hour longer or shorter than the faces say.
        let change = zone.secondsFromGMT(for: date) - zone.secondsFromGMT(for: plain)
        let corrected = plain.addingTimeInterval(Double(change))
        // A time that the change skips does not exist: take the first one after it.
        return corrected > date ? corrected : plain
    }
}
