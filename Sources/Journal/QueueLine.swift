package import Domain

/// What waits in one line of the queue: one channel, one priority.
package struct QueueLine: Sendable, Hashable {
    package let channel: Channel
    package let priority: Priority
    /// Could go now.
    package var waiting = 0
    /// Waits for its time, by what holds it.
    package var held: [HeldReason: Int] = [:]
    /// How long the oldest that could go now has been waiting.
    package var oldest: Duration?
    package init(channel: Channel, priority: Priority) {
        self.channel = channel
        self.priority = priority
    }
}

extension [QueueLine] {
    /// What holds messages back, over all lines.
    package var heldReasons: [HeldReason: Int] {
        reduce(into: [:]) { all, line in all.merge(line.held, uniquingKeysWith: +) }
    }
}
