import Domain

/// MIME entities, written straight into the mail: headers, an empty line, and a body whose lines are short and end in
/// CR LF whatever was in it.
enum MailPart {
    /// Text travels as base64 when much of it is not ASCII, which is shorter and cheaper then, otherwise as
    /// quoted-printable, which people can read in a dump.
    static func add(_ text: String, subtype: StaticString, to mail: inout [UInt8]) throws(DeliveryFailure) {
        let lines = MailLines(text)
        guard !lines.holdsNUL else { throw DeliveryFailure(.contentRejected, detail: "the text holds a NUL") }
        let base64 = lines.foreign * 6 > lines.bytes.count
        mail.add("Content-Type: text/")
        mail.add(subtype)
        mail.add("; charset=utf-8\r\nContent-Transfer-Encoding: ")
        mail.add(base64 ? "base64\r\n\r\n" : "quoted-printable\r\n\r\n")
        if base64 { Base64.addLines(lines.bytes, to: &mail) } else { QuotedPrintable.add(lines.bytes, to: &mail) }
    }

    static func add(_ file: Attachment, to mail: inout [UInt8]) throws(DeliveryFailure) {
        try MailHeader.add("Content-Type", file.safeType, to: &mail)
        try MailHeader.add("Content-Transfer-Encoding", "base64", to: &mail)
        let name = FileNameParameter.lines(FileName.clean(file.name))
        try MailHeader.add("Content-Disposition", ["attachment;"] + name, to: &mail)
        mail += [0x0D, 0x0A]
        Base64.addLines(file.bytes, to: &mail)
    }
}

/// What stands between the parts of a multipart entity. It holds `=_`, which neither base64 nor quoted-printable can
/// produce.
struct MailBoundary {
    private let subtype: StaticString
    private let mark: [UInt8]

    init(_ subtype: StaticString, of reference: MessageID) {
        self.subtype = subtype
        var mark: [UInt8] = []
        mark.reserveCapacity(64)
        mark.add("=_")
        reference.append(to: &mark)
        mark.append(UInt8(ascii: "_"))
        mark.add(subtype)
        self.mark = mark
    }

    /// The header of the whole.
    func open(_ mail: inout [UInt8]) {
        mail.add("Content-Type: multipart/")
        mail.add(subtype)
        mail.add(";\r\n boundary=\"")
        mail += mark
        mail.add("\"\r\n\r\n")
    }

    /// Before each part.
    func part(_ mail: inout [UInt8]) {
        mail.add("--")
        mail += mark
        mail += [0x0D, 0x0A]
    }

    /// After each part: the line end that belongs to the boundary.
    func endPart(_ mail: inout [UInt8]) { mail += [0x0D, 0x0A] }

    func close(_ mail: inout [UInt8]) {
        mail.add("--")
        mail += mark
        mail.add("--\r\n")
    }
}
