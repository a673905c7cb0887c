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
        loop = CurlLoop(named: profile.id.text) { HTTPTransfers(settings, $0.sockets) }
    }

    package func submit(_ batch: [Submission], answer: @escaping @Sendable ([Answer]) -> Void) {
        guard !batch.isEmpty else { return }
        if loop.post(.carry(HTTPBatch(batch, provider, Answers(answer)))) { return }
        answer(batch.map { Answer(reference: $0.reference, outcome: .failure(.stopped)) })
    }

    package func ask(_ inquiries: [Inquiry], answer: @escaping @Sendable ([Finding]) -> Void) {
        HTTPInquiries(inquiries, at: provider, post: { [loop] in loop.post(.begin($0)) }, answer: answer).next()
    }

    package func shutdown() async { await loop.stop() }
}
