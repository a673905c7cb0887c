import Domain
import Foundation
import Journal
import Synchronization
import Wording

extension MessageView {
    /// Nothing more will happen by itself: final, or handed over on a channel where no report comes back.
    var isSettled: Bool { state.isFinal || state == .sent || state == .unconfirmed }
}

/// One line per message of `demo --json`.
struct DemoLine: Encodable {
    var id: String
    var purpose: String
    var channel: String?
    var provider: String?
    var status: String
    var reason: String?

    init(_ view: MessageView) {
        id = view.message.id.text
        purpose = view.message.purpose.text
        channel = view.channel?.rawValue
        provider = view.provider?.text
        status = view.state.rawValue
        reason = view.reason ?? view.failure?.reason.rawValue
    }

    enum CodingKeys: CodingKey { case id, purpose, channel, provider, status, reason }

    /// Every member on every line: a missing channel is `null`, not a missing key.
    func encode(to encoder: any Encoder) throws {
        var line = encoder.container(keyedBy: CodingKeys.self)
        try line.encode(id, forKey: .id)
        try line.encode(purpose, forKey: .purpose)
        try line.encode(channel, forKey: .channel)
        try line.encode(provider, forKey: .provider)
        try line.encode(status, forKey: .status)
        try line.encode(reason, forKey: .reason)
    }
}

/// What went where: one row per purpose, channel and ending.
struct DemoTable {
    let views: [MessageView]
    let language: Language

    var text: String {
        var counts: [[String]: Int] = [:]
        for view in views {
            var ending = view.state.words(language)
            if let reason = view.reason.flatMap(SuppressedReason.init(rawValue:)) {
                ending += ": " + reason.words(language)
            }
            if view.state == .failed, let failure = view.failure { ending += ": " + failure.reason.words(language) }
            counts[
                [view.message.purpose.text, view.channel?.words(language) ?? "—", view.provider?.text ?? "—", ending],
                default: 0] += 1
        }
        var table =
            language == .ru
            ? Table("ЦЕЛЬ", "КАНАЛ", "ПРОВАЙДЕР", "ЧТО СТАЛО", "СКОЛЬКО")
            : Table("PURPOSE", "CHANNEL", "PROVIDER", "WHAT BECAME OF IT", "COUNT")
        for (key, count) in counts.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            table.add(key[0], key[1], key[2], key[3], "\(count)")
        }
        return "\n" + table.render()
    }
}

/// How the performance ended; written by the companion, read when the gateway has stopped.
final class DemoOutcome: Sendable {
    private let state = Mutex<Failure?>(nil)
    var failure: Failure? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
