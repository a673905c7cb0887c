import Domain
import Foundation
import Intake
import Policy
import Queue
import Settings
import StoreSQLite

/// Fills the database of a run before the gateway starts: residents with whole ledgers, then messages, through the same
/// acceptance and the same store as ever, synchronous = FULL.
struct Fill {
    /// Every so-manieth resident's mail address is on the suppression list.
    static let suppressedEvery = 50
    private static let page = 1000

    let house: BenchHouse
    let time: TimeSource
    let progress: BenchProgress
    private let configuration: Configuration
    private let store: SQLiteStore
    private let ids: IDSource

    init(_ house: BenchHouse, time: TimeSource, progress: BenchProgress) async throws(BenchFailure) {
        self.house = house
        self.time = time
        self.progress = progress
        do {
            configuration = try Configuration.load(house.configuration, environment: [:])
            store = try SQLiteStore.open(house.database, holder: "vestnik bench", at: time.now().wall)
            try await store.keep(configuration.templates.sources)
            ids = IDSource(after: try await store.lastMessageID())
        } catch { throw Self.failure(error) }
    }

    func close() { store.close() }

    // MARK: Residents

    /// - Parameter count: residents `ls:0` … `ls:count-1`.
    func residents(_ count: Int) async throws(BenchFailure) {
        let bar = progress.begin(Words(ru: "жители", en: "residents"), count)
        for start in stride(from: 0, to: count, by: Self.page) {
            let range = start..<min(count, start + Self.page)
            do {
                let now = time.now()
                try await store.put(try range.map(recipient), at: now)
                try await store.record(range.flatMap { ledger(of: $0, at: now.wall) }, at: now)
                let dead = try range.filter { $0 % Self.suppressedEvery == 0 }.map { number in
                    Suppression(
                        destination: try Destination(.email, Self.mailbox(number)), reason: .hardBounce,
                        since: now.wall)
                }
                if !dead.isEmpty { try await store.suppress(dead, by: "bench", at: now) }
            } catch { throw Self.failure(error) }
            bar.show(range.upperBound)
        }
        bar.finish()
    }

    private static func mailbox(_ number: Int) -> String { "kv\(number)@zhiteli.example" }
    private static let names = ["Соколова Елена Андреевна", "Хасанов Павел Николаевич", "Иванова Ирина Маратовна"]

    private func recipient(_ number: Int) throws -> Recipient {
        guard let id = RecipientID("ls:\(number)") else { throw BenchFailure(.unavailable, ru: "?", en: "?") }
        let phone = "+7999" + String(String(10_000_000 + number).dropFirst())
        return Recipient(
            id: id, name: Self.names[number % 3],
            premises: Premises(house: "lenina-\(number / 144)", flat: "\(number)"),
            destinations: [try Destination(.email, Self.mailbox(number)), try Destination(.sms, phone)])
    }

    /// Given, taken back, given again; and a word about another channel.
    private func ledger(of number: Int, at now: Date) -> [ConsentRecord] {
        guard let id = RecipientID("ls:\(number)"), let purpose = PurposeID(BenchWords.mail) else { return [] }
        let words: [(ConsentRecord.Action, Channel?, ConsentRecord.Source, Double)] = [
            (.granted, nil, .paper, 700), (.withdrawn, .sms, .call, 400), (.withdrawn, .email, .webForm, 300),
            (.granted, .email, .webForm, 100),
        ]
        return words.map { action, channel, source, days in
            ConsentRecord(
                id: ids.next(at: now), recipient: id, purpose: purpose, channel: channel, action: action,
                source: source, evidence: "form:\(number)", occurredAt: now.addingTimeInterval(-days * 86_400),
                recordedAt: now)
        }
    }

    /// Made as `vestnik keys create` makes one.
    func key() async throws(BenchFailure) -> String {
        var chance = SystemRandomNumberGenerator()
        let fresh = FreshKey(.live, random: (0..<40).map { _ in UInt8.random(in: .min ... .max, using: &chance) })
        let now = time.now()
        do {
            guard let client = ClientName("bench") else { throw BenchFailure(.unavailable, ru: "?", en: "?") }
            _ = try await store.create(
                KeyRecord(
                    id: fresh.id, client: client, mode: .live, digest: fresh.digest, scopes: [.messagesWrite],
                    created: now.wall), by: "bench", at: now)
        } catch { throw Self.failure(error) }
        return fresh.text
    }

    // MARK: Messages

    struct Enqueued {
        var messages = 0
        /// Of these, to an address on the suppression list.
        var suppressed = 0
        /// Seconds within the store alone, commits included.
        var storeSeconds = 0.0
        var perSecond: Double { storeSeconds > 0 ? Double(messages) / storeSeconds : 0 }
    }

    /// - Parameters:
    ///   - residents: how many there are; the messages go round among them.
    ///   - first: where their numbers begin: the same number twice is one message.
    ///   - patience: nothing more is begun after that, so that a slow machine gets a shorter queue.
    func messages(
        _ what: BenchMessage, _ count: Int, among residents: Int, from first: Int = 0,
        within patience: Duration = .seconds(86_400)
    ) async throws(BenchFailure) -> Enqueued {
        let accept = Accept(
            purposes: configuration.purposes, shelf: configuration.templates,
            organisation: configuration.settings.organisation, recipients: store, ids: ids,
            carried: configuration.carried)
        let bar = progress.begin(Words(ru: "очередь", en: "queue"), count)
        var sum = Enqueued()
        let deadline = ContinuousClock.now + patience
        for start in stride(from: 0, to: count, by: Self.page) where ContinuousClock.now < deadline {
            let numbers = start..<min(count, start + Self.page)
            do {
                let requests = try numbers.map { number in
                    let text = BenchWords.request(
                        what, recipient: number % residents, key: "\(what.rawValue)-\(1_000_000_000 + first + number)")
                    return try SendRequest(bytes: Array(text.utf8))
                }
                let now = time.now()
                let accepted = try await accept(requests, client: "bench", at: now.wall).map { try $0.get() }
                let began = Stopwatch.now()
                _ = try await store.enqueue(accepted.map(\.enqueue), at: now)
                sum.storeSeconds += Stopwatch.seconds(began, Stopwatch.now())
            } catch { throw Self.failure(error) }
            sum.messages += numbers.count
            if what == .mail { sum.suppressed += numbers.count { $0 % residents % Self.suppressedEvery == 0 } }
            bar.show(numbers.upperBound)
        }
        bar.finish()
        return sum
    }

    private static func failure(_ error: any Error) -> BenchFailure {
        if let failure = error as? BenchFailure { return failure }
        return BenchFailure(
            .unavailable, ru: "подготовка не удалась: \(error)", en: "the preparation failed: \(error)")
    }
}
