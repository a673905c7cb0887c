import Synchronization

/// What happened, as lines: the last ones are kept for people, all of them go into one hash. Two runs of a seed are the
/// same run when their hashes are.
final class Trace: Sendable {
    private struct Contents {
        var lines: [String] = []
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var count = 0
    }
    private let contents = Mutex(Contents())
    private let clock: Clock
    /// All lines are kept, not only the last.
    private let whole: Bool

    init(_ clock: Clock, whole: Bool) {
        self.clock = clock
        self.whole = whole
    }

    func say(_ line: String) {
        let line = "\(clock.uptime - 1_000_000) \(line)"
        contents.withLock { contents in
            for byte in line.utf8 { contents.hash = (contents.hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            contents.count += 1
            contents.lines.append(line)
            if !whole, contents.lines.count > 400 { contents.lines.removeFirst(200) }
        }
    }

    var hash: UInt64 { contents.withLock(\.hash) }
    var lines: [String] { contents.withLock(\.lines) }
}
