/// A template's result for one channel: what the resident will see, nothing about how it travels.
package struct Content: Sendable, Hashable {
    /// Mail only. Never holds CR, LF or other control bytes.
    package var subject: String?
    /// Plain text: the SMS, the plain part of a mail, the words read aloud.
    package var text: String
    /// Mail: a whole document. Messengers: the small HTML subset they share (b, i, u, s, a, code, blockquote).
    package var html: String?
    package var buttons: [Button]
    package var attachments: [Attachment]
    /// Mail only: where one click stops messages of this kind (RFC 8058). Begins with `https:`.
    package var unsubscribeURL: String?
    package init(
        subject: String? = nil, text: String, html: String? = nil, buttons: [Button] = [],
        attachments: [Attachment] = [], unsubscribeURL: String? = nil
    ) {
        self.subject = subject
        self.text = text
        self.html = html
        self.buttons = buttons
        self.attachments = attachments
        self.unsubscribeURL = unsubscribeURL
    }
}

/// A link that looks like a button. `url` begins with `https:` or `tel:`.
package struct Button: Sendable, Hashable, Codable {
    package var title: String
    package var url: String
    package init(title: String, url: String) {
        self.title = title
        self.url = url
    }
}

/// A file that goes with a message. `name` has no path and no control bytes; `type` is a MIME type.
package struct Attachment: Sendable, Hashable {
    package var name: String
    package var type: String
    package var bytes: [UInt8]
    package init(name: String, type: String, bytes: [UInt8]) {
        self.name = name
        self.type = type
        self.bytes = bytes
    }
}
