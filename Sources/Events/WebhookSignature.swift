import Crypto
import FoundationEssentials
package import Journal

/// Standard Webhooks 1.0: what the receiver checks before it believes a word.
package enum WebhookSignature {
    package static let idHeader = "webhook-id"
    package static let timestampHeader = "webhook-timestamp"
    package static let signatureHeader = "webhook-signature"

    /// `v1,<base64>` for each secret, spaces between.
    /// - Parameter timestamp: seconds since 1970.
    package static func header(
        id: String, timestamp: Int, body: [UInt8], secrets: [WebhookSecret]
    ) -> String {
        let signed = content(id, timestamp, body)
        return secrets.map { secret in
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret.bytes))
            return "v1," + Data(code).base64EncodedString()
        }.joined(separator: " ")
    }

    package enum Fault: String, Error, Sendable, CaseIterable {
        case missingHeader, badTimestamp, tooOld, tooNew, wrongSignature
    }

    /// What a receiver does; ours is `vestnik webhook listen`. Compared in constant time.
    /// - Parameter now: seconds since 1970; five minutes to either side are forgiven.
    package static func check(
        id: String?, timestamp: String?, signature: String?, body: [UInt8], secret: WebhookSecret, now: Int
    ) throws(Fault) {
        guard let id, let timestamp, let signature else { throw .missingHeader }
        guard let at = Int(timestamp) else { throw .badTimestamp }
        guard at >= now - 300 else { throw .tooOld }
        guard at <= now + 300 else { throw .tooNew }
        let key = SymmetricKey(data: secret.bytes), signed = content(id, at, body)
        let isOurs = signature.split(separator: " ").contains { word in
            let halves = word.split(separator: ",", maxSplits: 1)
            guard halves.count == 2, halves[0] == "v1", let code = Data(base64Encoded: String(halves[1])) else {
                return false
            }
            return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: key)
        }
        guard isOurs else { throw .wrongSignature }
    }

    private static func content(_ id: String, _ timestamp: Int, _ body: [UInt8]) -> [UInt8] {
        Array("\(id).\(timestamp).".utf8) + body
    }
}
