package import Delivery
package import Domain
import Synchronization

/// A provider that keeps what it was given and answers what the test says, at once or when it is told to.
package final class ScriptedProvider: Provider {
    package let profile: ProviderProfile
    private let findings: @Sendable (Inquiry) -> Finding.Result
    private struct State {
        var submissions: [Submission] = []
        var held: [(Submission, @Sendable ([Answer]) -> Void)] = []
    }
    private let state = Mutex(State())
    private let script: @Sendable (Submission) -> Result<Receipt, DeliveryFailure>?

    /// - Parameter script: the answer to a submission; nil keeps it under way until `release`.
    package convenience init(
        _ id: String = "sms-a", channels: Set<Channel> = [.sms], concurrency: Int = 4,
        script: @escaping @Sendable (Submission) -> Result<Receipt, DeliveryFailure>? = { _ in
            .success(Receipt(providerID: "1"))
        }
    ) {
        let profile = ProviderProfile(
            id: ProviderID(id)!, channels: channels, concurrency: concurrency, timeout: .seconds(1))
        self.init(profile, findings: { _ in .cannotTell }, script: script)
    }

    private init(
        _ profile: ProviderProfile, findings: @escaping @Sendable (Inquiry) -> Finding.Result,
        script: @escaping @Sendable (Submission) -> Result<Receipt, DeliveryFailure>?
    ) {
        self.profile = profile
        self.findings = findings
        self.script = script
    }

    /// The same account under another contract; nothing was given to it yet.
    package func paced(_ pace: Pace) -> ScriptedProvider {
        var profile = profile
        profile.pace = pace
        return ScriptedProvider(profile, findings: findings, script: script)
    }

    /// The same account, whose delivery reports reach us.
    package func reporting() -> ScriptedProvider {
        var profile = profile
        profile.reportsDelivery = true
        return ScriptedProvider(profile, findings: findings, script: script)
    }

    /// The same account, which can be asked what became of a message.
    package func knowing(_ findings: @escaping @Sendable (Inquiry) -> Finding.Result) -> ScriptedProvider {
        var profile = profile
        profile.canBeAsked = true
        return ScriptedProvider(profile, findings: findings, script: script)
    }

    package func ask(_ inquiries: [Inquiry], answer: @escaping @Sendable ([Finding]) -> Void) {
        answer(inquiries.map { Finding(reference: $0.reference, result: findings($0)) })
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
