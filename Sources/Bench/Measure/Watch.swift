/// How fast and how dearly messages went over one stretch of a run.
package struct Rate: Sendable, Hashable {
    package var perSecond: Double
    /// CPU time per message of all processes that were measured, user and system; µs.
    package var cpuMicroseconds: Double
    package var peakMB: Double
    package var messages: Int
    package var seconds: Double
    package init(perSecond: Double, cpuMicroseconds: Double, peakMB: Double, messages: Int, seconds: Double) {
        self.perSecond = perSecond
        self.cpuMicroseconds = cpuMicroseconds
        self.peakMB = peakMB
        self.messages = messages
        self.seconds = seconds
    }
}

/// Looks at the sink's board while somebody drains a queue into it.
struct Watch {
    let board: SinkBoard
    let what: Line
    let meter: ProcessMeter

    enum Line: Sendable {
        case mails, requests
        var count: SinkBoard.Slot { self == .mails ? .mails : .requests }
        var last: SinkBoard.Slot { self == .mails ? .lastMail : .lastRequest }
    }

    /// The share of the messages that nobody counts: the program starts, connections open, the pace is found.
    static let warmUp = 0.05
    private static let glance = Duration.milliseconds(2)

    /// - Parameters:
    ///   - total: so many are expected; the clock stops with the last of them.
    ///   - patience: the clock stops after that too, and the rate is that of those that came.
    /// - Returns: nil when hardly anything came.
    func run(_ total: Int, warmUp: Double = Watch.warmUp, within patience: Duration) async -> Rate? {
        let start = board[what.count]
        let deadline = ContinuousClock.now + patience
        let warm = start + max(1, Int(Double(total) * warmUp))
        await arrive(warm, by: deadline)
        let (count, at, reading) = (board[what.count], Stopwatch.now(), meter.read())
        await arrive(start + total, by: deadline)
        let (ended, last, after) = (board[what.count], board[what.last], meter.read())
        let (messages, seconds) = (ended - count, Stopwatch.seconds(at, last))
        guard messages > 0, seconds > 0 else { return nil }
        return Rate(
            perSecond: Double(messages) / seconds,
            cpuMicroseconds: (after.cpu - reading.cpu) * 1e6 / Double(messages), peakMB: after.peakMB,
            messages: messages, seconds: seconds)
    }

    private func arrive(_ count: Int, by deadline: ContinuousClock.Instant) async {
        while board[what.count] < count, ContinuousClock.now < deadline { try? await Task.sleep(for: Self.glance) }
    }
}
