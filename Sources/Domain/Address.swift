/// Where one destination of a resident is: a phone in E.164, a mailbox, a chat id.
///
/// Holds only bytes that are safe in an SMTP command, a header and a URL parameter: 0x21…0x7E without `<`, `>` and `,`,
/// at most 254 of them. There is no way to make one with others, so no later stage has to ask.
/// Printing one never shows the whole of it; `exposed` does, and is easy to grep for.
package struct Address: Sendable, Hashable {
    /// The whole address. Each use is a place where personal data leaves us: the wire, the store, nothing else.
    package let exposed: String

    /// - Throws: `AddressError` that says what is wrong in words for people.
    package init(_ text: String, for channel: Channel) throws(AddressError) {
        let normal =
            switch channel {
            case .sms, .voice: try PhoneNumber.normalise(text)
            case .email: try Mailbox.normalise(text)
            case .max, .telegram, .vk: try ChatNumber.normalise(text, group: false)
            case .maxChat: try ChatNumber.normalise(text, group: true)
            case .push, .paper: text
            }
        try Self.check(normal)
        exposed = normal
    }

    /// One that this gateway has kept: it was normalised when it came. Its bytes are checked all the same, because a
    /// file can be edited.
    package init(stored text: String) throws(AddressError) {
        try Self.check(text)
        exposed = text
    }

    private static func check(_ text: String) throws(AddressError) {
        guard !text.utf8.isEmpty else { throw .empty }
        guard text.utf8.count <= 254 else { throw .tooLong }
        // Bytes, not Characters: "\r\n" is one Character and would hide from a comparison with "\n".
        guard text.utf8.allSatisfy(isSafe) else { throw .forbiddenCharacter }
    }

    private static func isSafe(_ byte: UInt8) -> Bool {
        byte >= 0x21 && byte <= 0x7E && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
            && byte != UInt8(ascii: ",")
    }

    /// With ASCII letters in lower case, byte by byte; an address holds no others.
    fileprivate var lowercased: Address {
        guard exposed.utf8.contains(where: { (0x41...0x5A).contains($0) }) else { return self }
        let bytes = exposed.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        return Address(checked: String(decoding: bytes, as: UTF8.self))
    }

    private init(checked text: String) { exposed = text }

    /// For operator pages and the CLI: `+7···1234`, `a···@mail.ru`.
    package var masked: String {
        var bytes: [UInt8] = []
        appendMasked(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes of `masked`.
    package func appendMasked(to bytes: inout [UInt8]) {
        var exposed = exposed
        exposed.withUTF8 { address in
            let head: Int
            let tail: Int
            if let at = address.lastIndex(of: UInt8(ascii: "@")) {
                (head, tail) = (min(1, address.count), address.count - at)
            } else {
                head = address.first == UInt8(ascii: "+") ? 2 : 0
                tail = address.count >= head + 8 ? 4 : 2
            }
            bytes.append(contentsOf: address.prefix(head))
            bytes.append(contentsOf: "···".utf8)
            bytes.append(contentsOf: address.suffix(tail))
        }
    }
}

extension Destination {
    /// The form in which the books compare: `Anna@example.ru` and `anna@example.ru` are one mailbox. RFC 5321 lets a
    /// server tell them apart, hardly one does, and writing to somebody who asked us not to is the worse mistake.
    ///
    /// For comparing only: mail goes to the address as it was given. Tokens of devices keep their case.
    package var folded: Destination {
        switch channel {
        case .email: Destination(channel: channel, address: address.lowercased)
        case .sms, .voice, .max, .maxChat, .telegram, .vk, .push, .paper: self
        }
    }
}

extension Address: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "…" + exposed.suffix(2) }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// What is wrong with an address. The API's codes for it: `invalid_phone`, `invalid_email`, `invalid_value`.
package enum AddressError: Error, Sendable, Equatable {
    case empty, tooLong, forbiddenCharacter
    case notAPhone(digits: Int), countryNotAllowed
    case notAMailbox, localDomain, localPartNotASCII
    case notAChat
}
