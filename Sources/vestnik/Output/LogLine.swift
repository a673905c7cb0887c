import Domain
import FoundationEssentials
import Journal
import Wording

/// One journal row: `logs` and timelines.
struct LogLine: Encodable {
    var sequence: Int64
    var at: String
    var message: String?
    var event: String
    var state: String?
    var by: String
    var facts: [String: String]
    private let entry: JournalEntry

    enum CodingKeys: CodingKey { case sequence, at, message, event, state, by, facts }

    init(_ entry: JournalEntry) {
        self.entry = entry
        sequence = entry.sequence
        at = entry.at.ISO8601Format()
        message = entry.message?.text
        event = entry.event
        state = entry.state?.rawValue
        by = entry.by
        facts = [:]
        for fact in entry.facts { facts[fact.name] = fact.value }
    }

    /// - Parameter inTimeline: under its message: the id is known, and there is room for the evidence.
    func text(_ house: ReadingRoom, inTimeline: Bool = false) -> String {
        let language = house.language
        var parts = [house.clock(entry.at)]
        if !inTimeline, let message = entry.message { parts.append(message.text) }
        var what = journalWords(event: event, state: entry.state, finding: facts["finding"])?(language) ?? event
        // "Sending" twice is once too often, and so is "cancelled".
        if let state = entry.state, event != JournalWord.began.rawValue, state.words(language) != what {
            what += " → " + state.words(language)
        }
        parts.append(what)
        let told = FactWords(
            house: house, entry: entry, facts: facts, isRelease: event == JournalWord.released.rawValue)
        let said = told.sentences
        if !said.isEmpty { parts.append(said.joined(separator: ", ")) }
        // Who, where it was not the gateway by itself.
        if by != "gateway", !by.utf8.starts(with: "provider:".utf8), facts["provider"] != by { parts.append("(\(by))") }
        if inTimeline {
            let rest = entry.facts.filter { !FactWords.worded.contains($0.name) && $0.name != "version" }
            if !rest.isEmpty { parts.append("[" + rest.map { "\($0.name)=\($0.value)" }.joined(separator: " ") + "]") }
        }
        return parts.joined(separator: "  ")
    }
}

/// The facts of a journal line that a dispatcher asks for, in words.
private struct FactWords {
    let house: ReadingRoom
    let entry: JournalEntry
    let facts: [String: String]
    /// Its reason is that of the hold, which is over.
    let isRelease: Bool

    /// Names that `sentences` speaks of; the others are evidence.
    static let worded: Set = [
        "attempt", "provider", "to", "failure", "code", "detail", "reason", "held_reason", "due_at", "until", "finding",
        "state", "retry_of", "superseded_by", "deaths", "channel", "file",
    ]

    var sentences: [String] {
        [
            said("attempt", "попытка", "attempt"), addresses, account, failure,
            facts["detail"].map { "«\($0)»" },
            reason, wait, said("retry_of", "повтор", "retry of"), said("superseded_by", "его заменило", "replaced by"),
            facts["file"],
        ].compactMap { $0 }
    }

    private func said(_ fact: String, _ ru: String, _ en: String) -> String? {
        facts[fact].map { Words(ru: "\(ru) \($0)", en: "\(en) \($0)")(house.language) }
    }

    /// A message may name several.
    private var addresses: String? {
        let all = entry.facts.filter { $0.name == "to" }.map(\.value)
        return all.isEmpty ? nil : all.joined(separator: " · ")
    }

    private var account: String? {
        guard let provider = facts["provider"] else { return nil }
        switch facts["state"] {
        case "working": return provider + Words(ru: " работает", en: " works")(house.language)
        case "paused": return provider + Words(ru: " на паузе", en: " is paused")(house.language)
        case nil: return provider
        case let other?: return "\(provider) \(other)"
        }
    }

    /// `такого адреса нет (HTTP 400)`.
    private var failure: String? {
        let words = facts["failure"].map { DeliveryFailure.Reason(rawValue: $0)?.words(house.language) ?? $0 }
        let code = facts["code"].map { "(\($0))" }
        let both = [words, code].compactMap { $0 }
        return both.isEmpty ? nil : both.joined(separator: " ")
    }

    private var reason: String? {
        guard let reason = facts["reason"], !isRelease else { return nil }
        let words =
            SuppressedReason(rawValue: reason)?.words ?? DeliveryFailure.Reason(rawValue: reason)?.words
            ?? Hold.Reason(rawValue: reason)?.words
        return words?(house.language) ?? reason
    }

    /// `ждёт: конца тихих часов, до 09:00:00`.
    private var wait: String? {
        let until = (facts["due_at"] ?? facts["until"]).flatMap { try? Date($0, strategy: .iso8601) }.map(house.clock)
        let held = facts["held_reason"].flatMap(HeldReason.init(rawValue:))?.words(house.language)
        switch (held, until) {
        case (let held?, let until?):
            return Words(ru: "ждёт: \(held), до \(until)", en: "waits for \(held) until \(until)")(house.language)
        case (let held?, nil): return Words(ru: "ждёт: \(held)", en: "waits for \(held)")(house.language)
        case (nil, let until?): return Words(ru: "до \(until)", en: "until \(until)")(house.language)
        case (nil, nil): return nil
        }
    }
}
