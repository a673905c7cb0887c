import Domain

/// What the outside is told about. The raw value stands in bodies, filters and documentation and never changes.
package enum EventType: String, Sendable, Hashable, CaseIterable {
    case sent = "message.sent"
    case delivered = "message.delivered"
    case read = "message.read"
    case failed = "message.failed"
    case unconfirmed = "message.unconfirmed"
    case suppressed = "message.suppressed"
    case expired = "message.expired"
    case cancelled = "message.cancelled"

    case consentGranted = "consent.granted"
    case consentWithdrawn = "consent.withdrawn"
    case consentRefused = "consent.refused"
    case consentImported = "consent.imported"
    case suppressionAdded = "suppression.added"
    case suppressionRemoved = "suppression.removed"
    case providerDegraded = "provider.degraded"
    case providerRecovered = "provider.recovered"
    case inboundReceived = "inbound.received"

    /// Nil for a line that is told to nobody outside: a claim, a beginning, a pause between two attempts.
    ///
    /// - Parameter before: the state the message had in the line before this one. A second report changes nothing and is
    ///   no second event.
    init?(_ entry: JournalEntry, before: MessageState?) {
        if entry.message != nil {
            guard let state = entry.state, let type = Self.type(of: entry.event, state: state, before: before) else {
                return nil
            }
            self = type
            return
        }
        switch entry.event {
        case "consent":
            guard let action = entry.fact("action").flatMap(ConsentRecord.Action.init(rawValue:)) else { return nil }
            self = Self.type(of: action)
        case "suppression": self = .suppressionAdded
        case "lifted": self = .suppressionRemoved
        case "provider": self = entry.fact("state") == "paused" ? .providerDegraded : .providerRecovered
        // Not a closed list: the journal also holds lines that are nobody's business outside.
        default: return nil
        }
    }

    private static func type(of event: String, state: MessageState, before: MessageState?) -> EventType? {
        // A message that comes back to `sent` because a later channel failed was told as sent before.
        if state == .sent { return event == MessageEvent.accepted.rawValue && before != .sent ? .sent : nil }
        guard state != before else { return nil }
        return switch state {
        case .queued, .sending, .sent: nil
        case .unconfirmed: .unconfirmed
        case .delivered: .delivered
        case .failed: .failed
        case .suppressed: .suppressed
        case .expired: .expired
        case .cancelled: .cancelled
        }
    }

    private static func type(of action: ConsentRecord.Action) -> EventType {
        switch action {
        case .granted: .consentGranted
        case .withdrawn: .consentWithdrawn
        case .refused: .consentRefused
        case .imported: .consentImported
        }
    }
}

extension JournalEntry {
    /// The first fact of this name.
    package func fact(_ name: String) -> String? { facts.first { $0.name == name }?.value }
}

/// Which types somebody wants to hear of: names and groups, `message.failed` or `message.*`. Empty: all of them.
package struct EventFilter: Sendable, Hashable {
    /// In the order they were given, each once.
    package private(set) var patterns: [String]
    private var types: Set<EventType>

    package static let everything = EventFilter()
    private init() { (patterns, types) = ([], []) }

    /// All that a filter may name: every type, and every group.
    package static let known: [String] =
        EventType.allCases.map(\.rawValue) + groups.map { $0 + ".*" }
    /// `broadcast` has no types yet; a webhook made today hears of them when they come.
    private static let groups = ["message", "consent", "suppression", "provider", "inbound", "broadcast"]

    package struct Unknown: Error, Sendable, Hashable {
        package var pattern: String
        package var place: Int
    }

    /// - Throws: the first pattern that is not in `known`.
    package init(_ patterns: [String]) throws(Unknown) {
        self.init()
        for (place, pattern) in patterns.enumerated() {
            guard let known = Self.known.first(where: { $0.utf8.elementsEqual(pattern.utf8) }) else {
                throw Unknown(pattern: pattern, place: place)
            }
            if !self.patterns.contains(known) { self.patterns.append(known) }
            types.formUnion(Self.types(named: known))
        }
    }

    private static func types(named pattern: String) -> [EventType] {
        guard pattern.utf8.last == UInt8(ascii: "*") else { return EventType(rawValue: pattern).map { [$0] } ?? [] }
        let group = pattern.utf8.dropLast()
        return EventType.allCases.filter { $0.rawValue.utf8.starts(with: group) }
    }

    package func admits(_ type: EventType) -> Bool { patterns.isEmpty || types.contains(type) }
}
