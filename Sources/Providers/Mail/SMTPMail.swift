package import Delivery
package import Domain
import FoundationEssentials

// A mail as bytes (RFC 5322, 2045, 2047, 2231), made by us from the first byte to the last: headers by one function
// that refuses line ends, bodies encoded so that every line is short, ASCII and ended by CR LF. Nothing in a text, a
// name or a subject can end a header, start a part or end the mail.

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
        let content = submission.content
        var headers = MailHeaders()
        try headers.add("From", sender.lines)
        try headers.add("To", submission.to.address.exposed)
        if let subject = content.subject { try headers.add("Subject", words: subject) }
        try headers.add("Date", MailDate.text(Int(time.now().wall.timeIntervalSince1970)))
        try headers.add("Message-ID", "<\(submission.reference.text)@\(sender.domain)>")
        try headers.add("MIME-Version", "1.0")
        // RFC 3834: holiday answers and ticket systems stay silent.
        try headers.add("Auto-Submitted", "auto-generated")
        try headers.add("Feedback-ID", "\(submission.purpose):vestnik")
        if let url = content.unsubscribeURL { try unsubscribe(url, &headers) }
        let body = try body(content, submission.reference)
        return Mail(from: sender.address, to: submission.to.address, bytes: headers.bytes + body.bytes)
    }

    /// One click, as the large mailbox providers want it (RFC 8058).
    private func unsubscribe(_ url: String, _ headers: inout MailHeaders) throws(DeliveryFailure) {
        let forbidden: [UInt8] = [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ",")]
        guard url.utf8.starts(with: "https://".utf8),
            url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !forbidden.contains($0) })
        else { throw DeliveryFailure(.contentRejected, detail: "the link to unsubscribe is no https: address") }
        try headers.add("List-Unsubscribe", "<\(url)>")
        try headers.add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    }

    private func body(_ content: Content, _ reference: MessageID) throws(DeliveryFailure) -> MailPart {
        let readable = try readable(content, reference)
        if content.attachments.isEmpty { return readable }
        var parts = [readable]
        for file in content.attachments { parts.append(try .file(file)) }
        return try .multipart("mixed", boundary: "=_\(reference.text)_mixed", parts)
    }

    private func readable(_ content: Content, _ reference: MessageID) throws(DeliveryFailure) -> MailPart {
        let plain = try MailPart.text(content.text, subtype: "plain")
        guard let html = content.html else { return plain }
        let parts = [plain, try MailPart.text(html, subtype: "html")]
        return try .multipart("alternative", boundary: "=_\(reference.text)_alternative", parts)
    }
}
