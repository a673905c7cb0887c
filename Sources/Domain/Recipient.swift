/// The caller's own name of a resident or account: `ls:0045-12`. 1…128 bytes of printable text, NFC, no spaces at the ends.
package struct RecipientID: Sendable, Hashable, CustomStringConvertible {
    package let text: String
    package init?(_ text: String) {
        if Self.isPlain(text) {
            self.text = text
            return
        }
        let normal = text.nfc
        let scalars = normal.unicodeScalars
        guard (1...128).contains(normal.utf8.count), let first = scalars.first, let last = scalars.last,
            !first.properties.isWhitespace, !last.properties.isWhitespace,
            scalars.allSatisfy({
                $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
                    && ($0.isASCII || $0.properties.generalCategory != .format)
            })
        else { return nil }
        self.text = normal
    }
    /// Visible ASCII, as nearly all are: already in its normal form.
    private static func isPlain(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x21 && $0 <= 0x7E }
    }

    package var description: String { text }

    /// `ls:0045-12` → `0045-12`: the account as the resident knows it. Nil for ids of another kind, as a house's.
    package var account: String? {
        guard text.utf8.starts(with: "ls:".utf8), text.utf8.count > 3 else { return nil }
        return String(decoding: text.utf8.dropFirst(3), as: UTF8.self)
    }
}

/// One channel and one address on it.
package struct Destination: Sendable, Hashable {
    package let channel: Channel
    package let address: Address
    package init(channel: Channel, address: Address) {
        self.channel = channel
        self.address = address
    }
    package init(_ channel: Channel, _ text: String) throws(AddressError) {
        self.init(channel: channel, address: try Address(text, for: channel))
    }
}

/// Where in a house: a notice about a riser reaches the flats on it.
package struct Premises: Sendable, Hashable, Codable {
    package var house: String
    package var entrance: String?
    package var riser: String?
    package var flat: String?
    package init(house: String, entrance: String? = nil, riser: String? = nil, flat: String? = nil) {
        self.house = house
        self.entrance = entrance
        self.riser = riser
        self.flat = flat
    }
}

/// A resident or an account, as the caller told us.
package struct Recipient: Sendable, Hashable {
    package var id: RecipientID
    package var name: String?
    package var locale: String
    /// IANA name; law and courtesy count hours where the resident lives.
    package var timeZone: String
    package var premises: Premises?
    /// In the resident's own order of preference within a channel.
    package var destinations: [Destination]
    package init(
        id: RecipientID, name: String? = nil, locale: String = "ru", timeZone: String = "Europe/Moscow",
        premises: Premises? = nil, destinations: [Destination] = []
    ) {
        self.id = id
        self.name = name
        self.locale = locale
        self.timeZone = timeZone
        self.premises = premises
        self.destinations = destinations
    }
}
