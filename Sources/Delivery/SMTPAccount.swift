import Domain

/// An account at a mail relay: makes mails of submissions and carries them over a few long-lived sessions. A mail whose
/// content was handed over whole and whose final reply did not come is `noAnswer`; it is never sent again from here.
package final class SMTPAccount: Provider {
    package let profile: ProviderProfile
    private let loop: CurlLoop<SMTPSessions>

    package init(profile: ProviderProfile, settings: SMTPSettings, composer: some MailComposer) {
        self.profile = profile
        loop = CurlLoop(named: profile.id.text) { multi in
            SMTPSessions(multi, settings) { submission throws(DeliveryFailure) in try composer.mail(for: submission) }
        }
    }

    package func submit(_ batch: [Submission], answer: @escaping @Sendable ([Answer]) -> Void) {
        let answers = Answers(answer)
        for submission in batch where !loop.post(.carry(SMTPJob(submission: submission, answers: answers))) {
            answers.add(Answer(reference: submission.reference, outcome: .failure(.stopped)))
        }
        answers.flush()
    }

    package func shutdown() async { await loop.stop() }
}
