import Crypto

/// A short name of a value: equal for equal bytes. For comparing states, not for secrets.
package enum Fingerprint {
    /// 32 hexadecimal digits.
    package static func text(of json: JSON) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let hash = SHA256.hash(data: json.canonicalBytes).prefix(16)
        return String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
