import Domain

/// An account at a provider over HTTP: asks the provider for the exchange, carries it over libcurl, lets the provider
/// read the reply. A request that may have reached the other side is never sent a second time.
package final class HTTPAccount: Provider {
    package let profile: ProviderProfile
    private let provider: any HTTPProvider
    private let loop: CurlLoop<HTTPTransfers>

    package init(profile: ProviderProfile, settings: AccountSettings, provider: some HTTPProvider) {
        self.profile = profile
        self.provider = provider
        loop = CurlLoop(named: profile.id.text) { HTTPTransfers($0, settings) }
    }

    package func submit(_ batch: [Submission], answer: @escaping @Sendable ([Answer]) -> Void) {
        let answers = Answers(answer)
        for submission in batch where !loop.post(.begin(call(submission, answers))) {
            answers.add(Answer(reference: submission.reference, outcome: .failure(.stopped)))
        }
        // Only what was not taken: the rest is answered from the loop's thread.
        answers.flush()
    }

    package func ask(_ inquiries: [Inquiry], answer: @escaping @Sendable ([Finding]) -> Void) {
        HTTPInquiries(inquiries, at: provider, post: { [loop] in loop.post(.begin($0)) }, answer: answer).next()
    }

    package func shutdown() async { await loop.stop() }

    private func call(_ submission: Submission, _ answers: Answers) -> HTTPCall {
        let provider = provider
        return HTTPCall(
            id: 0, first: { () throws(DeliveryFailure) in try provider.exchange(for: submission) },
            ended: { outcome, outbox in
                outbox.add(Answer(reference: submission.reference, outcome: outcome), to: answers)
            })
    }
}
