package import Domain
package import Foundation

/// One message as it came over the wire, read by the sandbox's own eyes.
package struct CapturedMessage: Sendable {
    /// Grows by one with each message; the `{id}` of the REST.
    package var id = 0
    package var at: Date
    package var channel: Channel
    /// Which counter took it: `smtp`, `kannel`, `smsc`, `smsru`, `max`, `telegram`.
    package var counter: Counter
    package var to: [String]
    package var from = ""
    package var subject: String?
    package var text = ""
    package var html: String?
    /// How a messenger was told to read the text: `html`, `markdown`; nil for plain text.
    package var format: String?
    package var attachments: [Attachment] = []
    /// Rows of buttons under a messenger's bubble.
    package var buttons: [[Button]] = []
    package var headers: [Header] = []
    /// The bytes as they arrived: the mail, or the body of the HTTP request.
    package var raw: [UInt8] = []
    /// The sender's own name for the message, where the protocol shows it: Message-ID, the id in dlr-url, SMSC's `id`.
    package var reference: String?
    /// Whether a real peer would now have the message. A cut or silent answer comes after arrival; a refusal instead.
    package var arrived = true
    /// What the sender was told; `—` when nothing.
    package var answer = ""

    package init(at: Date, channel: Channel, counter: Counter, to: [String]) {
        self.at = at
        self.channel = channel
        self.counter = counter
        self.to = to
    }

    package enum Counter: String, Sendable, CaseIterable, Codable { case smtp, kannel, smsc, smsru, max, telegram }

    package struct Header: Sendable, Hashable, Codable {
        package let name: String
        package let value: String
    }

    package struct Button: Sendable, Hashable, Codable {
        package let text: String
        package let url: String?
    }

    package struct Attachment: Sendable, Hashable {
        package let name: String
        package let type: String
        package let bytes: [UInt8]
    }

    /// What it costs to remember, in bytes.
    var weight: Int {
        raw.count + text.utf8.count + (html?.utf8.count ?? 0) + attachments.reduce(512) { $0 + $1.bytes.count }
    }
}
