import Crypto
package import Domain
package import FoundationEssentials

/// The body of `POST /v1/messages`, read strictly: what it does not know it refuses, naming the nearest thing it knows.
package struct SendRequest: Sendable, Hashable {
    package enum Target: Sendable, Hashable {
        case recipient(RecipientID)
        case addresses([Destination])

        /// Who is to be looked up in the books, if anybody.
        var resident: RecipientID? { if case .recipient(let id) = self { id } else { nil } }
    }
    /// Nil means the template's own.
    package var purpose: PurposeID?
    package var template: String
    package var target: Target
    package var variables: Variables
    package var channels: [Channel]
    package var fallback: Fallback?
    package var locale: String?
    package var sendAt: Date?
    package var expiresAt: Date?
    package var priority: Priority?
    package var thread: String?
    package var supersedes: String?
    package var reference: String?
    package var metadata: [String: String]
    package var attachments: [Attachment]
    package var condition: Condition?
    package var dryRun: Bool
    /// As its bytes came: two spellings of one letter are two keys.
    package var idempotencyKey: String?
    /// SHA-256 of the canonical bytes, the idempotency key and `dry_run` left out.
    package var hash: [UInt8]

    /// - Throws: `Problem` with everything that is wrong, each error with its pointer.
    package init(bytes: [UInt8]) throws(Problem) {
        try self.init(JSON(strict: bytes))
    }

    package init(_ json: JSON) throws(Problem) {
        guard case .object(let members) = json else {
            throw Problem(.invalidJSON, Words(ru: "нужен объект {…}", en: "an object {…} is needed"))
        }
        var fields = Fields(members)
        purpose = fields.purpose("purpose")
        template = fields.require("template") { fields, value in fields.line(value, limit: 64) } ?? ""
        target = TargetReader.target(&fields)
        variables = VariableReader.variables(&fields)
        channels = fields.channels("channels")
        fallback = fields.fallback("fallback")
        locale = fields.take("locale") { fields, value in fields.locale(value) }
        sendAt = fields.take("send_at") { fields, value in fields.time(value) }
        expiresAt = fields.take("expires_at") { fields, value in fields.time(value) }
        priority = fields.priority("priority")
        thread = fields.take("thread") { fields, value in fields.line(value, limit: 255) }
        supersedes = fields.take("supersedes") { fields, value in fields.line(value, limit: 255) }
        reference = fields.take("reference") { fields, value in fields.line(value, limit: 255) }
        metadata = fields.metadata("metadata")
        attachments = AttachmentReader.attachments(&fields)
        dryRun = fields.take("dry_run") { fields, value in fields.bool(value) } ?? false
        idempotencyKey = fields.take("idempotency_key") { fields, value in fields.key(value) }
        condition = fields.condition("condition")
        if let problem = fields.finish() { throw problem }
        hash = Self.hash(members)
    }

    private static func hash(_ members: [JSON.Member]) -> [UInt8] {
        let telling = members.filter { $0.name != "idempotency_key" && $0.name != "dry_run" }
        return Array(SHA256.hash(data: JSON.object(telling).canonicalBytes))
    }
}
