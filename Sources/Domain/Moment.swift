package import FoundationEssentials

/// One reading of both clocks. Deadlines for people use `wall`; leases and time-outs use `uptime`, which no
/// administrator and no NTP server can move.
package struct Moment: Sendable, Hashable {
    package var wall: Date
    /// Milliseconds of a clock that only goes forward, counted from an arbitrary start.
    package var uptime: Int64
    package init(wall: Date, uptime: Int64) {
        self.wall = wall
        self.uptime = uptime
    }
    package func advanced(by duration: Duration) -> Moment {
        Moment(wall: wall.addingTimeInterval(duration.seconds), uptime: uptime + duration.milliseconds)
    }
}

extension Duration {
    package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
    package var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}

/// Where time comes from. Only `vestnik/` makes the real one; tests and the simulator move their own.
package struct TimeSource: Sendable {
    package var now: @Sendable () -> Moment
    package init(now: @escaping @Sendable () -> Moment) { self.now = now }
}

/// A time on the wall clock up to which something waits.
package typealias Deadline = Date
