import Crypto
package import Domain

/// The text of an API key: `vk_{mode}_{8 characters}_{32 random bytes in base64url}`. Only its first three underscores
/// part it: the secret has some of its own.
package struct KeyText: Sendable {
    package let mode: KeyMode
    package let id: String
    /// SHA-256 of the letters of the secret.
    package let digest: [UInt8]

    /// Letters of the secret: 32 bytes without padding.
    package static let secretLength = 43
    package static let idLength = 8

    /// Nil for anything else. Looks at bytes, and hashes nothing before it has seen them all.
    package init?(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: UInt8(ascii: "_"), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].elementsEqual("vk".utf8),
            let mode = KeyMode(rawValue: String(decoding: parts[1], as: UTF8.self)),
            parts[2].count == Self.idLength, parts[2].allSatisfy(Self.isOfID),
            parts[3].count == Self.secretLength, parts[3].allSatisfy(Self.isOfSecret)
        else { return nil }
        self.mode = mode
        id = String(decoding: parts[2], as: UTF8.self)
        digest = Self.digest(of: parts[3])
    }

    static func digest(of secret: some Sequence<UInt8>) -> [UInt8] { Array(SHA256.hash(data: Array(secret))) }

    private static func isOfID(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) }
    private static func isOfSecret(_ byte: UInt8) -> Bool {
        isOfID(byte) || (0x41...0x5A).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}

/// A key that has just been drawn. `text` is shown once and kept nowhere.
package struct FreshKey: Sendable {
    package let text: String
    package let id: String
    package let digest: [UInt8]

    /// - Parameter random: 40 bytes that nobody can guess: 8 for the id, 32 for the secret.
    package init(_ mode: KeyMode, random: [UInt8]) {
        precondition(random.count == 40, "a key takes 40 random bytes")
        // Of 256 values 36 letters: a little uneven, which an id that everybody sees may be.
        let letters = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
        id = String(decoding: random[..<8].map { letters[Int($0) % letters.count] }, as: UTF8.self)
        let secret = Self.base64url(random[8...])
        digest = KeyText.digest(of: secret)
        text = "vk_\(mode.rawValue)_\(id)_" + String(decoding: secret, as: UTF8.self)
    }

    /// RFC 4648, 5, without padding.
    private static func base64url(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(letters[Int(bits >> UInt32(count)) & 63])
            }
        }
        if count > 0 { text.append(letters[Int(bits << UInt32(6 - count)) & 63]) }
        return text
    }
}
