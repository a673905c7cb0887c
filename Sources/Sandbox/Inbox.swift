package import Domain
import Foundation
import Synchronization

/// Which messages to show.
package struct InboxFilter: Sendable {
    package var channels: Set<Channel>?
    /// An address, or for phones the digits of one.
    package var to: String?
    /// Only ids above this one.
    package var after: Int?
    package var limit: Int
    package init(channels: Set<Channel>? = nil, to: String? = nil, after: Int? = nil, limit: Int = 100) {
        self.channels = channels
        self.to = to
        self.after = after
        self.limit = limit
    }

    func accepts(_ message: CapturedMessage) -> Bool {
        if let after, message.id <= after { return false }
        if let channels, !channels.contains(message.channel) { return false }
        guard let to else { return true }
        return message.to.contains { Self.same($0, to) }
    }

    /// `+7 900 …`, `7900…` and `8900…` are one phone; mail addresses differ by case in nothing.
    private static func same(_ one: String, _ other: String) -> Bool {
        if one.lowercased() == other.lowercased() { return true }
        guard let first = phoneDigits(one), let second = phoneDigits(other) else { return false }
        return first == second
    }
}

/// The digits of a Russian or international phone, `8…` read as `7…`; nil for anything that is not a phone.
func phoneDigits(_ text: String) -> String? {
    var digits = ""
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.unicodeScalars.append(Unicode.Scalar(byte))
        case UInt8(ascii: "+"), UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: ")"): continue
        default: return nil
        }
    }
    guard digits.utf8.count >= 5 else { return nil }
    return digits.utf8.count == 11 && digits.hasPrefix("8") ? "7" + digits.dropFirst() : digits
}

/// The ring of captured messages. `capture` returns after the witness has its line, so an answer that left the machine
/// always has a line before it.
final class Inbox: Sendable {
    private struct State {
        var ring: [CapturedMessage] = []
        /// Index of the oldest message: dropping from the front of an array would move all of it each time.
        var first = 0
        var weight = 0
        var lastID = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var lastWaiter = 0
        var closed = false
    }

    /// Together with `capacity` it bounds the memory: 20,000 mails with large attachments would not fit.
    private static let maximumWeight = 256 << 20

    private let state = Mutex(State())
    private let capacity: Int
    private let witness: Witness?
    private let tickets = Atomic<Int>(1_000)

    init(capacity: Int, witness: Witness?) {
        self.capacity = max(1, capacity)
        self.witness = witness
    }

    /// A number for a provider's own message id.
    func ticket() -> Int { tickets.add(1, ordering: .relaxed).newValue }

    var capturedTotal: Int { state.withLock { $0.lastID } }

    @discardableResult
    func capture(_ message: CapturedMessage) throws(SandboxError) -> CapturedMessage {
        var message = message
        let woken: Result<[CheckedContinuation<Void, Never>], SandboxError> = state.withLock { state in
            message.id = state.lastID + 1
            do throws(SandboxError) {
                try witness?.record(message)
            } catch {
                return .failure(error)
            }
            state.lastID = message.id
            append(message, to: &state)
            defer { state.waiters.removeAll() }
            return .success(Array(state.waiters.values))
        }
        for waiter in try woken.get() { waiter.resume() }
        return message
    }

    private func append(_ message: CapturedMessage, to state: inout State) {
        state.ring.append(message)
        state.weight += message.weight
        while state.ring.count - state.first > 1,
            state.ring.count - state.first > capacity || state.weight > Self.maximumWeight
        {
            let oldest = state.ring[state.first]
            state.weight -= oldest.weight
            // The slot stays until the next compaction; what it held goes now.
            state.ring[state.first] = CapturedMessage(at: oldest.at, channel: oldest.channel, counter: .smtp, to: [])
            state.first += 1
        }
        if state.first > capacity {
            state.ring.removeFirst(state.first)
            state.first = 0
        }
    }

    /// Newest first.
    func list(_ filter: InboxFilter) -> [CapturedMessage] {
        state.withLock { state in
            var found: [CapturedMessage] = []
            for message in state.ring[state.first...].reversed() {
                if found.count >= filter.limit { break }
                if let after = filter.after, message.id <= after { break }
                if filter.accepts(message) { found.append(message) }
            }
            return found
        }
    }

    /// Counts by channel, for the tabs.
    func counts() -> [Channel: Int] {
        state.withLock { state in
            state.ring[state.first...].reduce(into: [:]) { $0[$1.channel, default: 0] += 1 }
        }
    }

    func message(_ id: Int) -> CapturedMessage? {
        state.withLock { state in
            guard let oldest = state.ring[state.first...].first?.id else { return nil }
            let index = state.first + id - oldest
            return state.ring[state.first...].indices.contains(index) ? state.ring[index] : nil
        }
    }

    /// Forgets the messages; ids go on, so an `after` that somebody holds stays true.
    func clear() {
        state.withLock { state in
            state.ring = []
            state.first = 0
            state.weight = 0
        }
    }

    /// What matches now; if nothing, what matches as soon as something does, or nothing when the time is over.
    func list(_ filter: InboxFilter, waitingUpTo patience: Duration) async -> [CapturedMessage] {
        let end = ContinuousClock.now.advanced(by: patience)
        while true {
            let seen = capturedTotal
            let found = list(filter)
            let left = ContinuousClock.now.duration(to: end)
            if !found.isEmpty || left <= .zero || Task.isCancelled || state.withLock({ $0.closed }) { return found }
            await nextArrival(after: seen, orAfter: left)
        }
    }

    private func nextArrival(after seen: Int, orAfter patience: Duration) async {
        let ticket = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: patience) }
            group.addTask {
                await withTaskCancellationHandler {
                    await withCheckedContinuation { continuation in
                        let late = self.state.withLock { state in
                            guard state.lastID == seen, !state.closed, !Task.isCancelled else { return true }
                            state.waiters[ticket] = continuation
                            return false
                        }
                        if late { continuation.resume() }
                    }
                } onCancel: {
                    self.state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume()
                }
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Lets go everybody who waits.
    func close() {
        let waiters = state.withLock { state in
            state.closed = true
            defer { state.waiters.removeAll() }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }
}
