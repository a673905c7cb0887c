package import Delivery
package import Domain
import Synchronization

/// A provider that keeps what it was given and answers what the test says, at once or when it is told to.
package final class ScriptedProvider: Provider {
    package let profile: ProviderProfile
    private struct State {
        var submissions: [Submission] = []
        var held: [(Submission, @Sendable ([Answer]) -> Void)] = []
    }
    private let state = Mutex(State())
    private let script: @Sendable (Submission) -> Result<Receipt, DeliveryFailure>?

    /// - Parameter script: the answer to a submission; nil keeps it under way until `release`.
    package init(
        _ id: String = "sms-a", channels: Set<Channel> = [.sms], concurrency: Int = 4,
        script: @escaping @Sendable (Submission) -> Result<Receipt, DeliveryFailure>? = { _ in
            .success(Receipt(providerID: "1"))
        }
    ) {
        profile = ProviderProfile(
            id: ProviderID(id)!, channels: channels, concurrency: concurrency, timeout: .seconds(1))
        self.script = script
    }

    package var submissions: [Submission] { state.withLock(\.submissions) }

    package func submit(_ batch: [Submission], answer: @escaping @Sendable ([Answer]) -> Void) {
        var answers: [Answer] = []
        for submission in batch {
            state.withLock { $0.submissions.append(submission) }
            if let outcome = script(submission) {
                answers.append(Answer(reference: submission.reference, outcome: outcome))
            } else {
                state.withLock { $0.held.append((submission, answer)) }
            }
        }
        if !answers.isEmpty { answer(answers) }
    }

    /// Answers everything that is under way.
    package func release(_ outcome: Result<Receipt, DeliveryFailure>) {
        let held = state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        for (submission, answer) in held { answer([Answer(reference: submission.reference, outcome: outcome)]) }
    }

    package func shutdown() async {}
}
