import Synchronization

/// The six numbers that give each outcome of an SMS. The page shows this table.
enum MagicNumber: String, CaseIterable, Sendable {
    case delivered = "70000000001"
    case permanent = "70000000002"
    case temporaryThenDelivered = "70000000003"
    case noAnswer = "70000000004"
    case acceptedWithoutReport = "70000000005"
    case reportedFailed = "70000000006"

    init?(_ phone: String) {
        guard let digits = phoneDigits(phone) else { return nil }
        self.init(rawValue: digits)
    }
}

/// Remembers what was refused once, so that the second try goes through.
final class FirstTries: Sendable {
    private let seen = Mutex<Set<String>>([])

    func isFirst(_ key: String) -> Bool {
        seen.withLock { seen in
            if seen.count > 50_000 { seen = [] }
            return seen.insert(key).inserted
        }
    }
}
