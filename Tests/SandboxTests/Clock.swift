import Foundation
import Synchronization

/// A clock that a test moves.
final class Clock: Sendable {
    private let seconds = Mutex(1_795_510_800.0)
    var now: Date { Date(timeIntervalSince1970: seconds.withLock { $0 }) }
    func advance(by more: Double) { seconds.withLock { $0 += more } }
}
