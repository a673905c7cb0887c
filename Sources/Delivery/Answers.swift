import Domain
import Synchronization

/// The answers of one `submit` call, handed over in batches: one hop per turn of the loop, not one per message.
final class Answers: Sendable {
    private let answer: @Sendable ([Answer]) -> Void
    private let held = Mutex<[Answer]>([])

    init(_ answer: @escaping @Sendable ([Answer]) -> Void) { self.answer = answer }

    /// - Returns: whether it is the first one held, so that somebody must flush.
    @discardableResult
    func add(_ answer: Answer) -> Bool {
        held.withLock { held in
            held.append(answer)
            return held.count == 1
        }
    }

    func flush() {
        let batch = held.withLock { held in
            defer { held = [] }
            return held
        }
        if !batch.isEmpty { answer(batch) }
    }
}

/// Remembers on the loop's thread whose answers are waiting.
struct Outbox {
    private var touched: [Answers] = []

    mutating func add(_ answer: Answer, to answers: Answers) {
        if answers.add(answer) { touched.append(answers) }
    }

    mutating func flush() {
        for answers in touched { answers.flush() }
        touched.removeAll(keepingCapacity: true)
    }
}

extension DeliveryFailure {
    /// Nothing was said: the message goes back as it came.
    static let stopped = DeliveryFailure(.unreachable, detail: "the account is shutting down")
}
