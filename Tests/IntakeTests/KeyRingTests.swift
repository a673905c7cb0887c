import Domain
import Foundation
import GatewayTesting
import Intake
import Policy
import Synchronization
import Testing

/// Rows 1, 2, 3 and 6 of the attacks on authentication, at the door itself.
struct KeyRingTests {
    /// Keys in memory; counts how often they are asked for.
    final class Book: KeyBook {
        struct Contents {
            var keys: [KeyRecord] = []
            var generation: UInt64 = 0
            var reads = 0
            var writes = 0
            var used: [String: Int] = [:]
            var uses: [[String: Date]] = []
            var isIll = false
        }
        let contents = Mutex(Contents())
        init(_ keys: [KeyRecord]) { contents.withLock { $0.keys = keys } }

        var keyGeneration: UInt64 { contents.withLock { $0.generation } }
        func keys() async throws(StoreError) -> [KeyRecord] {
            contents.withLock {
                $0.reads += 1
                return $0.keys
            }
        }
        func create(_ key: KeyRecord, by _: String, at _: Moment) async throws(StoreError) -> KeyCreation {
            contents.withLock {
                $0.keys.append(key)
                $0.generation += 1
            }
            return .created
        }
        func revoke(_ id: String, by _: String, at now: Moment) async throws(StoreError) -> KeyRevocation {
            contents.withLock { contents in
                guard let place = contents.keys.firstIndex(where: { $0.id == id }) else { return .unknown }
                contents.keys[place].revoked = now.wall
                contents.generation += 1
                return .revoked(contents.keys[place])
            }
        }
        func noteUse(_ uses: [String: Date], at _: Moment) async throws(StoreError) {
            if contents.withLock({ $0.isIll }) { throw StoreError(.full, "no room") }
            contents.withLock { $0.uses.append(uses) }
        }
        func charge(
            _ messages: Int, to key: String, on day: Int, cap: Int, at _: Moment
        ) async throws(StoreError) -> Bool {
            contents.withLock { contents in
                contents.writes += 1
                let used = contents.used["\(key) \(day)", default: 0]
                guard used + messages <= cap else { return false }
                contents.used["\(key) \(day)"] = used + messages
                return true
            }
        }
    }

    static func fresh(_ mode: KeyMode = .live, seed: UInt8 = 1) -> FreshKey {
        FreshKey(mode, random: (0..<40).map { UInt8($0) &* 31 &+ seed })
    }

    static func record(_ fresh: FreshKey, _ mode: KeyMode = .live) -> KeyRecord {
        KeyRecord(
            id: fresh.id, client: ClientName("billing")!, mode: mode, digest: fresh.digest,
            scopes: [.messagesWrite], created: .noon)
    }

    static func ring(_ book: Book) -> KeyRing {
        KeyRing(book: book, day: { Int(($0.timeIntervalSince1970 / 86_400).rounded(.down)) })
    }

    static func caller(
        _ ring: KeyRing, _ text: String, from address: String? = nil, at now: Moment = .noon
    ) async throws -> Caller? {
        try await ring.caller(showing: Array(text.utf8), from: address, at: now)
    }

    @Test func whoShowsAKeyIsKnown() async throws {
        let fresh = Self.fresh(.team)
        var record = Self.record(fresh, .team)
        (record.templates, record.channels) = (["payment-reminder"], [.sms])
        let caller = try #require(try await Self.caller(Self.ring(Book([record])), fresh.text))
        #expect(
            caller
                == Caller(
                    client: "billing", key: fresh.id, mode: .team, scopes: [.messagesWrite],
                    templates: ["payment-reminder"], channels: [.sms]))
        #expect(caller.may(.messagesWrite) && !caller.may(.messagesRead) && !caller.may(.admin))
    }

    @Test func nobodyElseIsLetIn() async throws {
        let fresh = Self.fresh(), other = Self.fresh(seed: 9)
        let ring = Self.ring(Book([Self.record(fresh)]))
        let secret = fresh.text.dropFirst("vk_live_12345678_".count)
        let shown: [(String, String)] = [
            ("no token", ""), ("garbage", "let me in"), ("unknown id", other.text),
            ("wrong secret", "vk_live_\(fresh.id)_" + String(repeating: "A", count: 43)),
            ("last letter wrong", String(fresh.text.dropLast()) + (fresh.text.hasSuffix("A") ? "B" : "A")),
            ("another's secret", "vk_live_\(fresh.id)_" + other.text.dropFirst("vk_live_12345678_".count)),
            ("its secret under another mode", "vk_test_\(fresh.id)_\(secret)"),
            ("the hash for the secret", "vk_live_\(fresh.id)_" + Data(fresh.digest).base64EncodedString().prefix(43)),
        ]
        for (label, text) in shown {
            #expect(try await Self.caller(ring, text) == nil, "\(label)")
        }
        #expect(try await Self.caller(ring, fresh.text) != nil)
        #expect(try await ring.caller(showing: [UInt8](repeating: 0x5F, count: 1 << 20), from: nil, at: .noon) == nil)
    }

    @Test func whatIsOverIsOver() async throws {
        let fresh = Self.fresh()
        var record = Self.record(fresh)
        record.expires = .noon.addingTimeInterval(60)
        let book = Book([record]), ring = Self.ring(book)
        #expect(try await Self.caller(ring, fresh.text, at: Moment.noon.advanced(by: .seconds(59))) != nil)
        #expect(try await Self.caller(ring, fresh.text, at: Moment.noon.advanced(by: .seconds(60))) == nil)
        let caller = try #require(try await Self.caller(ring, fresh.text))
        #expect(try await ring.stillAdmits(caller, at: .noon))
        #expect(try await !ring.stillAdmits(caller, at: Moment.noon.advanced(by: .seconds(60))))
        _ = try await book.revoke(fresh.id, by: "cli:anna", at: .noon)
        #expect(try await Self.caller(ring, fresh.text) == nil, "at once, for the very next request")
        #expect(try await !ring.stillAdmits(caller, at: .noon), "and for what it has open")
    }

    @Test func aKeyOfANetworkIsOfNoUseOutsideOfIt() async throws {
        let fresh = Self.fresh()
        var record = Self.record(fresh)
        record.networks = [Subnet("10.20.0.0/16")!, Subnet("fd00::/8")!]
        let ring = Self.ring(Book([record]))
        let rows: [(String?, Bool)] = [
            ("10.20.3.4", true), ("::ffff:10.20.3.4", true), ("fd00::7", true), ("10.21.0.1", false), (nil, false),
            ("", false), ("unix", false), ("10.20.3.4, 10.21.0.1", false),
        ]
        for (address, isIn) in rows {
            #expect((try await Self.caller(ring, fresh.text, from: address) != nil) == isIn, "\(address ?? "nil")")
        }
    }

    @Test func aRequestAsksNoBook() async throws {
        let fresh = Self.fresh(), book = Book([Self.record(Self.fresh())])
        let ring = Self.ring(book)
        for _ in 0..<100 { _ = try await Self.caller(ring, fresh.text) }
        for seed in UInt8(50)..<100 { _ = try await Self.caller(ring, Self.fresh(seed: seed).text) }
        #expect(book.contents.withLock { $0.reads } == 1)
        #expect(book.contents.withLock { $0.writes == 0 && $0.uses.isEmpty })
        let next = Self.fresh(seed: 7)
        _ = try await book.create(Self.record(next), by: "cli:anna", at: .noon)
        #expect(try await Self.caller(ring, next.text) != nil, "a new key works at once")
        #expect(book.contents.withLock { $0.reads } == 2)
    }

    @Test func theLastUseIsWrittenOnceAMinute() async throws {
        let fresh = Self.fresh(), book = Book([Self.record(Self.fresh())])
        let ring = Self.ring(book)
        var now = Moment.noon
        for _ in 0..<3 {
            _ = try await Self.caller(ring, fresh.text, at: now)
            now = now.advanced(by: .seconds(20))
        }
        book.contents.withLock { $0.isIll = true }
        await #expect(throws: StoreError.self) { try await ring.writeUses(at: now) }
        book.contents.withLock { $0.isIll = false }
        try await ring.writeUses(at: now)
        try await ring.writeUses(at: now)
        #expect(book.contents.withLock { $0.uses } == [[fresh.id: .noon]], "kept over a failure, and told once")
        _ = try await Self.caller(ring, fresh.text, at: now)
        try await ring.writeUses(at: now)
        #expect(book.contents.withLock { $0.uses.last } == [fresh.id: now.wall])
        _ = try await Self.caller(ring, fresh.text + "x", at: now.advanced(by: .seconds(600)))
        try await ring.writeUses(at: now)
        #expect(book.contents.withLock { $0.uses.count } == 2, "a wrong key is no use")
    }

    @Test func whatIsCappedIsCounted() async throws {
        let fresh = Self.fresh(), free = Self.fresh(seed: 3)
        var capped = Self.record(fresh)
        capped.dailyCap = 10
        let book = Book([capped, Self.record(free)]), ring = Self.ring(book)
        let caller = try #require(try await Self.caller(ring, fresh.text))
        #expect(try await ring.charge(7, to: caller, at: .noon))
        #expect(try await !ring.charge(4, to: caller, at: .noon), "nothing of it is counted")
        #expect(try await ring.charge(3, to: caller, at: .noon))
        #expect(try await !ring.charge(1, to: caller, at: .noon))
        #expect(try await ring.charge(10, to: caller, at: Moment.noon.advanced(by: .seconds(86_400))), "the next day")
        let writes = book.contents.withLock { $0.writes }
        let unlimited = try #require(try await Self.caller(ring, free.text))
        #expect(try await ring.charge(1_000_000, to: unlimited, at: .noon))
        #expect(book.contents.withLock { $0.writes } == writes, "without a cap nothing is written")
    }

    /// The same steps for all who are turned away; medians of interleaved rounds, so that a busy machine hurts all alike.
    @Test func theTimeTellsNothing() async throws {
        let fresh = Self.fresh()
        var revoked = Self.record(Self.fresh(seed: 5))
        revoked.revoked = .noon
        let ring = Self.ring(Book([Self.record(fresh), revoked]))
        let shown = [
            Self.fresh(seed: 77).text, "vk_live_\(fresh.id)_" + String(repeating: "A", count: 43),
            Self.fresh(seed: 5).text,
        ].map { Array($0.utf8) }
        var times = shown.map { _ in [Double]() }
        let clock = ContinuousClock()
        for _ in 0..<1500 {
            for (place, key) in shown.enumerated() {
                let start = clock.now
                _ = try await ring.caller(showing: key, from: nil, at: .noon)
                times[place].append((clock.now - start).seconds)
            }
        }
        let medians = times.map { $0.sorted()[$0.count / 2] }
        let (least, most) = (medians.min() ?? 0, medians.max() ?? 1)
        #expect(most / least < 1.25, "unknown, wrong, revoked: \(medians)")
    }
}
