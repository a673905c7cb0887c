import Domain

/// One mail ready for the wire: checked, so that its content can be said as it is but for its dots.
struct SMTPLetter: Equatable {
    /// Its owner's name for it.
    let ticket: Int
    let from: Address
    let to: Address
    private let content: SMTPContent

    /// - Throws: `unrenderable` for a content that is no lines of text.
    init(ticket: Int, _ mail: Mail) throws(DeliveryFailure) {
        self.ticket = ticket
        from = mail.from
        to = mail.to
        content = try SMTPContent(mail.bytes)
    }

    /// Size before dots are doubled: what SIZE counts (RFC 1870).
    var size: Int { content.bytes.count }
    var isEightBit: Bool { content.isEightBit }

    /// As it follows the 354, final dot included.
    func appendContent(to output: inout [UInt8]) { content.append(to: &output) }
}
