import Domain
import Synchronization

/// The answers of one `submit` call, handed over in batches: one hop per turn of the loop, not one per message.
final class Answers: Sendable {
    private let answer: @Sendable ([Answer]) -> Void
    private let held = Mutex<[Answer]>([])

    init(_ answer: @escaping @Sendable ([Answer]) -> Void) { self.answer = answer }

    func add(_ answer: Answer) { held.withLock { $0.append(answer) } }

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
    private var touched: [ObjectIdentifier: Answers] = [:]

    mutating func add(_ answer: Answer, to answers: Answers) {
        answers.add(answer)
        touched[ObjectIdentifier(answers)] = answers
    }

    mutating func flush() {
        guard !touched.isEmpty else { return }
        let batch = touched
        touched = [:]
        for answers in batch.values { answers.flush() }
    }
}

extension DeliveryFailure {
    /// Nothing was said: the message goes back as it came.
    static let stopped = DeliveryFailure(.unreachable, detail: "the account is shutting down")
}
