import Domain

/// Who a mail comes from: `УК «Наш дом» <info@dom.example>`. What of it stands in every mail is made once, here.
struct MailSender: Sendable, Hashable {
    /// For people; nil when only the address is given.
    let name: String?
    let address: Address
    /// The whole line `From`, folded, with its CR LF.
    let header: [UInt8]
    /// How each Message-ID ends: `@dom.example>`. The domain was made an A-label when the address was read.
    let idEnd: [UInt8]

    /// Nil when there is no good address in it, or a control byte in the name.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        let opening = bytes.lastIndex(of: UInt8(ascii: "<"))
        let name = Array(Self.unquoted(bytes[..<(opening ?? 0)]))
        var mailbox = bytes[(opening.map { $0 + 1 } ?? 0)...]
        if opening != nil {
            guard mailbox.popLast() == UInt8(ascii: ">") else { return nil }
        }
        guard let address = try? Address(String(decoding: mailbox, as: UTF8.self), for: .email),
            let header = try? Self.header(name, address)
        else { return nil }
        self.name = name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
        self.address = address
        self.header = header
        let at = Array(address.exposed.utf8)
        idEnd =
            (at.lastIndex(of: UInt8(ascii: "@")).map { Array(at[$0...]) } ?? Array("@localhost".utf8))
            + [UInt8(ascii: ">")]
    }

    private static func unquoted(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let space: (UInt8) -> Bool = { $0 == 0x20 }
        var name = bytes.drop(while: space)
        while name.last.map(space) ?? false { name.removeLast() }
        let quote = UInt8(ascii: "\"")
        if name.count > 2, name.first == quote, name.last == quote { return name.dropFirst().dropLast() }
        return name
    }

    private static func header(_ name: [UInt8], _ address: Address) throws(DeliveryFailure) -> [UInt8] {
        var header: [UInt8] = []
        if name.isEmpty {
            try MailHeader.add("From", address.exposed, to: &header)
        } else if isQuotable(name) {
            let quoted = "\"" + String(decoding: name, as: UTF8.self) + "\""
            try MailHeader.add("From", [quoted, "<\(address.exposed)>"], to: &header)
        } else {
            var words: [UInt8] = []
            EncodedWord.add(name, after: "From: ".utf8.count, to: &words)
            let lines = String(decoding: words, as: UTF8.self).utf8.split(separator: 0x0A).map { line in
                String(decoding: line.filter { $0 != 0x0D && $0 != 0x20 }, as: UTF8.self)
            }
            try MailHeader.add("From", lines + ["<\(address.exposed)>"], to: &header)
        }
        return header
    }

    private static func isQuotable(_ name: [UInt8]) -> Bool {
        let special: [UInt8] = [UInt8(ascii: "\""), UInt8(ascii: "\\")]
        return name.count < 60 && name.allSatisfy { (0x20...0x7E).contains($0) && !special.contains($0) }
            && !name.holds(Array("=?".utf8))
    }
}
