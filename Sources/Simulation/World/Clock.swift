import Domain
import FoundationEssentials
import Synchronization

/// Both clocks. Uptime only goes forward, by as much as the world says; somebody may set the wall.
final class Clock: Sendable {
    private struct Hands {
        var uptime: Int64
        var offset: Double = 0
        var jumps = 0
        var setBack = 0.0
        var lastJump: Int64 = .min / 2
    }
    private let start: Date
    private let hands = Mutex(Hands(uptime: 1_000_000))

    init(start: Date) { self.start = start }

    var uptime: Int64 { hands.withLock(\.uptime) }
    /// How often somebody has set the wall so far.
    var jumps: Int { hands.withLock(\.jumps) }
    /// Seconds by which the wall was set back, in all.
    var setBack: Double { hands.withLock(\.setBack) }
    /// Somebody set the wall within the last second.
    var wasJustSet: Bool { hands.withLock { $0.uptime - $0.lastJump < 1000 } }
    var now: Moment {
        hands.withLock { hands in
            let elapsed = Double(hands.uptime - 1_000_000) / 1000
            return Moment(wall: start.addingTimeInterval(elapsed + hands.offset), uptime: hands.uptime)
        }
    }
    func pass(_ milliseconds: Int64) { hands.withLock { $0.uptime += max(0, milliseconds) } }
    func pass(to uptime: Int64) { hands.withLock { $0.uptime = max($0.uptime, uptime) } }
    func setWall(by seconds: Double) {
        hands.withLock { hands in
            hands.offset += seconds
            hands.jumps += 1
            hands.setBack += max(0, -seconds)
            hands.lastJump = hands.uptime
        }
    }
}
