package import Domain

/// One mail as it goes over the wire, before dot-stuffing: lines end in CR LF, one recipient.
package struct Mail: Sendable, Hashable {
    package var from: Address
    package var to: Address
    package var bytes: [UInt8]
    package init(from: Address, to: Address, bytes: [UInt8]) {
        self.from = from
        self.to = to
        self.bytes = bytes
    }
}

/// Makes mails of submissions; `SMTPAccount` carries them.
package protocol MailComposer: Sendable {
    func mail(for submission: Submission) throws(DeliveryFailure) -> Mail
}
