package import Delivery
package import Domain
import FoundationEssentials

// A mail as bytes (RFC 5322, 2045, 2047, 2231), made by us from the first byte to the last: headers by one function
// that refuses line ends, bodies encoded so that every line is short, ASCII and ended by CR LF. Nothing in a text, a
// name or a subject can end a header, start a part or end the mail. Everything is written once, into one buffer.

/// Makes mails of submissions. The same submission makes the same mail again but for its date, with the same
/// Message-ID: a resend after a lost answer can be recognised as a copy.
package struct SMTPMail: MailComposer {
    let sender: MailSender
    let time: TimeSource

    init(sender: MailSender, time: TimeSource) {
        self.sender = sender
        self.time = time
    }

    package func mail(for submission: Submission) throws(DeliveryFailure) -> Mail {
        var mail: [UInt8] = []
        mail.reserveCapacity(Self.estimate(submission.content))
        try addHeaders(of: submission, to: &mail)
        try addBody(submission.content, submission.reference, to: &mail)
        return Mail(from: sender.address, to: submission.to.address, bytes: mail)
    }

    /// Bytes it will take, so that the buffer seldom grows: base64 is a little over 4/3 of what it carries.
    private static func estimate(_ content: Content) -> Int {
        let texts = content.text.utf8.count + (content.html?.utf8.count ?? 0)
        return 1400 + (texts + content.attachments.reduce(0) { $0 + $1.bytes.count + 512 }) * 7 / 5
    }

    private func addHeaders(of submission: Submission, to mail: inout [UInt8]) throws(DeliveryFailure) {
        let content = submission.content
        mail += sender.header
        try MailHeader.add("To", submission.to.address.exposed, to: &mail)
        if let subject = content.subject { try MailHeader.add("Subject", words: subject, to: &mail) }
        let now = Int(time.now().wall.timeIntervalSince1970)
        try MailHeader.add("Date", to: &mail) { MailDate.add(now, to: &$0) }
        try MailHeader.add("Message-ID", to: &mail) { value in
            value.append(UInt8(ascii: "<"))
            submission.reference.append(to: &value)
            value += sender.idEnd
        }
        // RFC 3834: holiday answers and ticket systems stay silent.
        mail.add("MIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n")
        try MailHeader.add("Feedback-ID", to: &mail) { value in
            value.add(submission.purpose.text)
            value.add(":vestnik")
        }
        if let url = content.unsubscribeURL { try addUnsubscribe(url, to: &mail) }
    }

    /// One click, as the large mailbox providers want it (RFC 8058).
    private func addUnsubscribe(_ url: String, to mail: inout [UInt8]) throws(DeliveryFailure) {
        let forbidden: [UInt8] = [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ",")]
        guard url.utf8.starts(with: "https://".utf8),
            url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !forbidden.contains($0) })
        else { throw DeliveryFailure(.contentRejected, detail: "the link to unsubscribe is no https: address") }
        try MailHeader.add("List-Unsubscribe", to: &mail) { value in
            value.append(UInt8(ascii: "<"))
            value.add(url)
            value.append(UInt8(ascii: ">"))
        }
        try MailHeader.add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click", to: &mail)
    }

    private func addBody(
        _ content: Content, _ reference: MessageID, to mail: inout [UInt8]
    ) throws(DeliveryFailure) {
        if content.attachments.isEmpty { return try addReadable(content, reference, to: &mail) }
        let mixed = MailBoundary("mixed", of: reference)
        mixed.open(&mail)
        mixed.part(&mail)
        try addReadable(content, reference, to: &mail)
        mixed.endPart(&mail)
        for file in content.attachments {
            mixed.part(&mail)
            try MailPart.add(file, to: &mail)
            mixed.endPart(&mail)
        }
        mixed.close(&mail)
    }

    private func addReadable(
        _ content: Content, _ reference: MessageID, to mail: inout [UInt8]
    ) throws(DeliveryFailure) {
        guard let html = content.html else { return try MailPart.add(content.text, subtype: "plain", to: &mail) }
        let alternative = MailBoundary("alternative", of: reference)
        alternative.open(&mail)
        alternative.part(&mail)
        try MailPart.add(content.text, subtype: "plain", to: &mail)
        alternative.endPart(&mail)
        alternative.part(&mail)
        try MailPart.add(html, subtype: "html", to: &mail)
        alternative.endPart(&mail)
        alternative.close(&mail)
    }
}
