import Domain

/// Who a mail comes from: `УК «Наш дом» <info@dom.example>`.
struct MailSender: Sendable, Hashable {
    /// For people; nil when only the address is given.
    let name: String?
    let address: Address

    /// Nil when there is no good address in it, or a control byte in the name.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        let opening = bytes.lastIndex(of: UInt8(ascii: "<"))
        let name = Self.unquoted(bytes[..<(opening ?? 0)])
        var mailbox = bytes[(opening.map { $0 + 1 } ?? 0)...]
        if opening != nil {
            guard mailbox.popLast() == UInt8(ascii: ">") else { return nil }
        }
        guard let address = try? Address(String(decoding: mailbox, as: UTF8.self), for: .email) else { return nil }
        self.name = name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
        self.address = address
    }

    private static func unquoted(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let space: (UInt8) -> Bool = { $0 == 0x20 }
        var name = bytes.drop(while: space)
        while name.last.map(space) ?? false { name.removeLast() }
        let quote = UInt8(ascii: "\"")
        if name.count > 2, name.first == quote, name.last == quote { return name.dropFirst().dropLast() }
        return name
    }

    /// What stands after the `@`: names our messages, and was made an A-label when the address was read.
    var domain: String {
        let bytes = address.exposed.utf8
        return bytes.lastIndex(of: UInt8(ascii: "@")).map {
            String(decoding: bytes[bytes.index(after: $0)...], as: UTF8.self)
        } ?? "localhost"
    }

    /// The value of `From`, folded.
    var lines: [String] {
        guard let name else { return [address.exposed] }
        let from = "From: ".utf8.count
        if name.utf8.allSatisfy({ (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }),
            name.utf8.count < 60, !Array(name.utf8).holds(Array("=?".utf8))
        {
            return ["\"\(name)\"", "<\(address.exposed)>"]
        }
        return EncodedWord.encoded(name, after: from) + ["<\(address.exposed)>"]
    }
}
