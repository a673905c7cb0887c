/// `local@domain` with an ASCII local part and a domain as a lower-case A-label.
///
/// Stricter than RFC 5321 on purpose: no quoted local parts, no address literals, no `localhost`; a local part outside
/// ASCII needs SMTPUTF8, which the relay must have offered.
enum Mailbox {
    static func normalise(_ text: String) throws(AddressError) -> String {
        let scalars = Array(text.nfc.unicodeScalars)
        guard let at = scalars.firstIndex(of: "@"), at > 0, !scalars[(at + 1)...].contains("@") else {
            throw .notAMailbox
        }
        let local = String(String.UnicodeScalarView(scalars[..<at]))
        let domain = String(String.UnicodeScalarView(scalars[(at + 1)...]))
        guard local.utf8.allSatisfy({ $0 < 0x80 }) else { throw .localPartNotASCII }
        guard local.utf8.count <= 64, isDotAtom(local) else { throw .notAMailbox }
        return local + "@" + (try normaliseDomain(domain))
    }

    static func normaliseDomain(_ domain: String) throws(AddressError) -> String {
        // IDNA writes full stops in three more ways; they must not slip through as letters.
        let labels = domain.lowercased().nfc.unicodeScalars
            .split(omittingEmptySubsequences: false) { ".。．｡".unicodeScalars.contains($0) }
            .map { String(String.UnicodeScalarView($0)) }
        guard labels.count >= 2 else { throw labels.first == "localhost" ? .localDomain : .notAMailbox }
        var ascii: [String] = []
        for label in labels {
            guard let encoded = Punycode.aLabel(label), isHostLabel(encoded) else { throw .notAMailbox }
            ascii.append(encoded)
        }
        if ascii.last == "localhost" { throw .localDomain }
        // A numeric last label is an IPv4 address in disguise.
        guard let top = ascii.last, top.utf8.contains(where: { !(0x30...0x39).contains($0) }) else {
            throw .localDomain
        }
        let joined = ascii.joined(separator: ".")
        guard joined.utf8.count <= 253 else { throw .tooLong }
        return joined
    }

    private static func isDotAtom(_ local: String) -> Bool {
        let specials = Set("!#$%&'*+-/=?^_`{|}~.".utf8)
        let bytes = Array(local.utf8)
        let dot = UInt8(ascii: ".")
        guard bytes.first != dot, bytes.last != dot,
            !zip(bytes, bytes.dropFirst()).contains(where: { $0 == dot && $1 == dot })
        else { return false }
        return bytes.allSatisfy { isAlphanumeric($0) || specials.contains($0) }
    }

    private static func isHostLabel(_ label: String) -> Bool {
        let bytes = Array(label.utf8)
        return (1...63).contains(bytes.count) && bytes.first != UInt8(ascii: "-") && bytes.last != UInt8(ascii: "-")
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
