/// What the command line asks about webhooks.
enum WebhookOrder: Codable, Sendable {
    /// - Parameters:
    ///   - client: nil: the house's own, which hears of every client's messages.
    ///   - house: also of consents, suppressions, providers; always so without a client.
    case add(url: String, types: [String], client: String?, house: Bool)
    case test(id: String)
    case rotate(id: String)
    /// - Parameter on: false: nothing is sent until it is switched on again.
    case turn(id: String, on: Bool)
    case remove(id: String)
    case replay(id: String, events: [String])
    case replayRange(id: String, after: String, until: String?)
    case replayFailed(id: String)
}

/// A webhook as the command line shows it.
struct WebhookReply: Codable, Sendable {
    var id: String
    var url: String
    var types: [String]
    var client: String?
    var house: Bool
    var status: String
    /// Shown where it was made just now, and never again.
    var secret: String?
    /// Of a test: whether it was taken, the code of the reply and what was wrong.
    var taken: Bool?
    var code: Int?
    var error: String?
}
