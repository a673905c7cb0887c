import Glibc
import Synchronization

/// SIGTERM and SIGINT as something to read, so that a loop over descriptors hears them.
package enum SinkSignals {
    private static let pen = Atomic<Int32>(-1)

    package static func descriptor() -> Int32 {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0, "no pipe")
        pen.store(ends[1], ordering: .relaxed)
        // Not signalfd: other threads exist already, and a signal that one of them does not block ends the process.
        for number in [SIGTERM, SIGINT] {
            signal(number) { _ in
                var byte: UInt8 = 1
                _ = write(SinkSignals.pen.load(ordering: .relaxed), &byte, 1)
            }
        }
        return ends[0]
    }
}
