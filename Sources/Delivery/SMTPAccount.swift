import Domain

/// An account at a mail relay: makes mails of submissions and carries them over a few long-lived sessions. A mail whose
/// content was handed over whole and whose final reply did not come is `noAnswer`; it is never sent again from here.
package final class SMTPAccount: Provider {
    /// Messages that may be under way: two for each session of the account's `concurrency`. One whose content is out, and
    /// the next one, whose envelope travels with that content where the server offers PIPELINING and which otherwise
    /// waits here for its turn. So a crash leaves at most 2 × sessions begun, and at most one content on each session can
    /// have arrived twice (docs/decisions/0017).
    package let profile: ProviderProfile
    private let loop: CurlLoop<SMTPSessions>

    /// - Parameter profile: its `concurrency` is set here, from the sessions of the settings.
    package init(profile: ProviderProfile, settings: SMTPSettings, composer: some MailComposer) {
        var profile = profile
        profile.concurrency = SMTPDialogue.lettersAtOnce * settings.account.sessions
        self.profile = profile
        loop = CurlLoop(named: profile.id.text) { multi in
            SMTPSessions(multi, settings) { submission throws(DeliveryFailure) in
                try composer.mail(for: submission)
            }
        }
    }

    package func submit(_ batch: [Submission], answer: @escaping @Sendable ([Answer]) -> Void) {
        if loop.post(.carry(SMTPBatch(batch, Answers(answer)))) { return }
        answer(batch.map { Answer(reference: $0.reference, outcome: .failure(.stopped)) })
    }

    package func shutdown() async { await loop.stop() }
}

extension AccountSettings {
    /// Connections at once; at least one.
    var sessions: Int { max(1, concurrency) }
}
