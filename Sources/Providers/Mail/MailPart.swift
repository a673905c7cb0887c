import Domain

/// One MIME entity: headers, an empty line, and a body whose lines are short and end in CR LF whatever was in it.
struct MailPart {
    var headers: MailHeaders
    var body: [UInt8]

    var bytes: [UInt8] { headers.bytes + [0x0D, 0x0A] + body }

    /// Text travels as base64 when much of it is not ASCII, which is shorter and cheaper then, otherwise as
    /// quoted-printable, which people can read in a dump.
    static func text(_ text: String, subtype: String) throws(DeliveryFailure) -> MailPart {
        guard !text.utf8.contains(0) else { throw DeliveryFailure(.contentRejected, detail: "the text holds a NUL") }
        let lines = withCRLF(text)
        let foreign = lines.count { $0 >= 0x80 }
        let base64 = foreign * 6 > lines.count
        var headers = MailHeaders()
        try headers.add("Content-Type", "text/\(subtype); charset=utf-8")
        try headers.add("Content-Transfer-Encoding", base64 ? "base64" : "quoted-printable")
        return MailPart(headers: headers, body: base64 ? Base64.lines(lines) : QuotedPrintable.encode(lines))
    }

    static func file(_ file: Attachment) throws(DeliveryFailure) -> MailPart {
        var headers = MailHeaders()
        try headers.add("Content-Type", file.safeType)
        try headers.add("Content-Transfer-Encoding", "base64")
        try headers.add("Content-Disposition", ["attachment;"] + FileNameParameter.lines(FileName.clean(file.name)))
        return MailPart(headers: headers, body: Base64.lines(file.bytes))
    }

    /// - Parameter boundary: holds `=_`, which neither base64 nor quoted-printable can produce.
    static func multipart(_ subtype: String, boundary: String, _ parts: [MailPart]) throws(DeliveryFailure) -> MailPart
    {
        var headers = MailHeaders()
        try headers.add("Content-Type", ["multipart/\(subtype);", "boundary=\"\(boundary)\""])
        var body: [UInt8] = []
        for part in parts {
            body += "--\(boundary)\r\n".utf8
            body += part.bytes
            body += "\r\n".utf8
        }
        body += "--\(boundary)--\r\n".utf8
        return MailPart(headers: headers, body: body)
    }

    /// CR LF, LF and CR all become CR LF; the text ends with one.
    private static func withCRLF(_ text: String) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count + 64)
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == 0x0A, previous == 0x0D {
                previous = byte
                continue
            }
            if byte == 0x0A || byte == 0x0D { out += [0x0D, 0x0A] } else { out.append(byte) }
            previous = byte
        }
        if out.last != 0x0A { out += [0x0D, 0x0A] }
        return out
    }
}

/// Quoted-printable (RFC 2045 §6.7) of text whose lines end in CR LF: lines of at most 76 bytes, no space at their ends,
/// no dot at their beginnings.
enum QuotedPrintable {
    private static let digits = Array("0123456789ABCDEF".utf8)

    static func encode(_ text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count + text.count / 8)
        var column = 0
        for (at, byte) in text.enumerated() {
            if byte == 0x0D || byte == 0x0A {
                out.append(byte)
                column = 0
                continue
            }
            let endsLine = at + 1 == text.count || text[at + 1] == 0x0D
            let room = (endsLine ? 76 : 75) - column
            let plain = isPlain(byte, endsLine: endsLine)
            if room < (plain ? 1 : 3) {
                out += [UInt8(ascii: "="), 0x0D, 0x0A]
                column = 0
            }
            // A dot that begins a line means something to SMTP, even if nobody forgets to double it.
            let bare = plain && !(column == 0 && byte == UInt8(ascii: "."))
            let written = bare ? [byte] : [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            out += written
            column += written.count
        }
        return out
    }

    private static func isPlain(_ byte: UInt8, endsLine: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "="): false
        case 0x20, 0x09: !endsLine
        default: (0x21...0x7E).contains(byte)
        }
    }
}

/// `filename=` of a Content-Disposition: quoted when it is plain ASCII, otherwise by RFC 2231, in pieces that fit a
/// line.
enum FileNameParameter {
    /// - Parameter name: cleaned, so without quotes, slashes and control characters.
    static func lines(_ name: String) -> [String] {
        let plain = name.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        if plain, name.utf8.count <= 60 { return ["filename=\"\(name)\""] }
        var pieces: [String] = [""]
        for scalar in name.unicodeScalars {
            let encoded = PercentEncoding.encode(String(scalar))
            if pieces[pieces.count - 1].utf8.count + encoded.utf8.count > 54 { pieces.append("") }
            pieces[pieces.count - 1] += encoded
        }
        if pieces.count == 1 { return ["filename*=UTF-8''\(pieces[0])"] }
        return pieces.enumerated().map { index, piece in
            "filename*\(index)*=\(index == 0 ? "UTF-8''" : "")\(piece)\(index < pieces.count - 1 ? ";" : "")"
        }
    }
}
