// Who stands at the door: every request shows a key here, and nearly all of them are let in or turned away without a look
// into the books. The ring keeps a copy of all keys and reads them anew only when the book says that they changed; what a
// request leaves behind, that a key was used, is written later and in bulk.
//
// Whoever is turned away learns nothing: a key that is garbage, unknown, wrong, expired, revoked or shown from a foreign
// network takes the same steps, one hash and one comparison, and gets the same answer.

import Crypto
package import Domain
package import FoundationEssentials
package import Policy
import Synchronization

package final class KeyRing: Doorkeeper {
    private struct Keys {
        /// Of the book when these were read; nil: never.
        var generation: UInt64?
        var byID: [String: KeyRecord] = [:]
        /// Last uses that no one has written down yet.
        var uses: [String: Date] = [:]
        /// When each use was put there last: one a minute is enough.
        var noted: [String: Date] = [:]
    }
    private let book: any KeyBook
    private let keys = Mutex(Keys())
    private let day: @Sendable (Date) -> Int
    /// Compared with where there is no such key.
    private static let nobody = [UInt8](repeating: 0, count: 32)
    private static let usePause: Double = 60

    /// - Parameter day: of the house's clock, counted from 1970: caps are per day.
    package init(book: any KeyBook, day: @escaping @Sendable (Date) -> Int) {
        self.book = book
        self.day = day
    }

    package func caller(
        showing key: [UInt8], from address: String?, at now: Moment
    ) async throws(StoreError) -> Caller? {
        try await refresh()
        let shown = KeyText(key)
        // Garbage is hashed too: what it costs must not say how much of a key was right.
        let digest = shown?.digest ?? KeyText.digest(of: key.prefix(KeyText.secretLength))
        let record = keys.withLock { $0.byID[shown?.id ?? ""] }
        let isRight = Self.equal(digest, record?.digest ?? Self.nobody)
        guard let record, let shown, isRight, shown.mode == record.mode, record.status(at: now.wall) == .active,
            record.admits(address)
        else { return nil }
        noteUse(of: record.id, at: now.wall)
        return Caller(
            client: record.client.text, key: record.id, mode: record.mode, scopes: record.scopes,
            templates: record.templates, channels: record.channels)
    }

    package func charge(_ messages: Int, to caller: Caller, at now: Moment) async throws(StoreError) -> Bool {
        try await refresh()
        guard messages > 0 else { return true }
        guard let record = keys.withLock({ $0.byID[caller.key] }) else { return false }
        guard let cap = record.dailyCap else { return true }
        return try await book.charge(messages, to: record.id, on: day(now.wall), cap: cap, at: now)
    }

    package func stillAdmits(_ caller: Caller, at now: Moment) async throws(StoreError) -> Bool {
        try await refresh()
        return keys.withLock { $0.byID[caller.key] }?.status(at: now.wall) == .active
    }

    /// Writes down when keys were used since the last call: once in a while, and before the end.
    package func writeUses(at now: Moment) async throws(StoreError) {
        let uses = keys.withLock { keys in
            defer { keys.uses = [:] }
            return keys.uses
        }
        guard !uses.isEmpty else { return }
        do throws(StoreError) { try await book.noteUse(uses, at: now) } catch {
            keys.withLock { $0.uses.merge(uses) { later, _ in later } }
            throw error
        }
    }

    private func refresh() async throws(StoreError) {
        // Read before the keys are: a change that comes between is met by the next request.
        let generation = book.keyGeneration
        if keys.withLock({ $0.generation == generation }) { return }
        let all = try await book.keys()
        keys.withLock { keys in
            // Another request may have read later ones meanwhile.
            if let known = keys.generation, known >= generation { return }
            keys.generation = generation
            keys.byID = Dictionary(all.map { ($0.id, $0) }) { one, _ in one }
        }
    }

    private func noteUse(of id: String, at now: Date) {
        keys.withLock { keys in
            if let before = keys.noted[id], abs(now.timeIntervalSince(before)) < Self.usePause { return }
            keys.noted[id] = now
            keys.uses[id] = now
        }
    }

    /// By a library that takes as long for every difference: two tags under one key are equal as the digests are.
    private static func equal(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(
            HMAC<SHA256>.authenticationCode(for: one, using: comparing), authenticating: other, using: comparing)
    }
    /// Made anew by each process: nobody can prepare digests that collide under it.
    private static let comparing = SymmetricKey(size: .bits256)
}

extension KeyRecord {
    /// Where networks are named, an address that is not known is in none of them.
    fileprivate func admits(_ address: String?) -> Bool {
        guard !networks.isEmpty else { return true }
        guard let caller = address.flatMap({ IPAddress($0) }) else { return false }
        return networks.contains { $0.contains(caller) }
    }
}
