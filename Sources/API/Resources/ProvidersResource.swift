import Domain
import Intake
import Policy
package import Queue

/// `/v1/providers`: which accounts work, and their switches.
package struct ProvidersResource: Sendable {
    let reception: Reception
    let board: ProviderBoard
    package init(_ reception: Reception, board: ProviderBoard) {
        self.reception = reception
        self.board = board
    }

    package var routes: [Route] {
        [
            Route(.get, "/v1/providers", .scope(.opsRead), list),
            Route(.post, "/v1/providers/{id}/pause", .scope(.opsWrite), body: .word, pause),
            Route(.post, "/v1/providers/{id}/resume", .scope(.opsWrite), body: .word, resume),
        ]
    }

    private func list(_ call: Call) async throws(Problem) -> Answer {
        let standings = try await stored { () async throws(StoreError) in
            try await board.standings(at: call.now.wall)
        }
        return .page(standings.map(ProviderJSON.provider), next: nil)
    }

    private func pause(_ call: Call) async throws(Problem) -> Answer {
        let by = try call.officer(), provider = try provider(call), note = try Self.reason(call)
        try await stored { () async throws(StoreError) in
            try await board.pause(provider, note: note, by: by, at: call.now)
        }
        return try await standing(of: provider, call)
    }

    private func resume(_ call: Call) async throws(Problem) -> Answer {
        let by = try call.officer(), provider = try provider(call), note = try Self.reason(call)
        try await stored { () async throws(StoreError) in
            try await board.resume(provider, note: note, by: by, at: call.now)
        }
        return try await standing(of: provider, call)
    }

    /// As it is now; the same after the second word as after the first.
    private func standing(of provider: ProviderID, _ call: Call) async throws(Problem) -> Answer {
        let standing = try await stored { () async throws(StoreError) in
            try await board.standing(of: provider, at: call.now.wall)
        }
        return .json(standing.map(ProviderJSON.provider) ?? .null)
    }

    private func provider(_ call: Call) throws(Problem) -> ProviderID {
        let name = call.parameters["id"] ?? "", known = board.accounts.map(\.id.text)
        if let id = ProviderID(name), board.accounts.contains(where: { $0.id == id }) { return id }
        let near = nearestName(to: name, among: known)
        throw Problem(
            .notFound,
            Words(
                ru: "такого провайдера нет в настройках"
                    + (near.map { "; может быть, \($0)?" } ?? "; есть: \(known.joined(separator: ", "))"),
                en: "there is no such provider in the configuration"
                    + (near.map { "; did you mean \($0)?" } ?? "; known: \(known.joined(separator: ", "))")))
    }

    /// `{"reason": "…"}`, in the caller's own words; no body: nobody says why.
    private static func reason(_ call: Call) throws(Problem) -> String? {
        let body = try call.json()
        if body == .null { return nil }
        var fields = try RequestFields(body)
        let reason = fields.line("reason", limit: 200)
        try fields.finish()
        return reason
    }
}

enum ProviderJSON {
    static func provider(_ standing: ProviderStanding) -> JSON {
        let account = standing.account, limits = account.limits
        return .object(
            ("id", .string(account.id.text)), ("kind", .string(account.kind)),
            ("channels", .array(account.channels.map { .string($0.rawValue) })),
            ("status", .string(standing.state.rawValue)), ("paused", .bool(standing.isPaused)),
            ("paused_until", .time(standing.pausedUntil)), ("reason", .text(standing.ledger?.reason)),
            ("note", .text(standing.ledger?.note)), ("since", .time(standing.ledger?.since)),
            ("by", .text(standing.by)),
            (
                "limits",
                .object(
                    ("weight", .count(limits.weight)), ("concurrency", .count(limits.concurrency)),
                    ("rate_per_second", limits.rate.map { .number("\($0)") }), ("rate_unit", .string(limits.unit)),
                    ("daily_cap", limits.dailyCap.map(JSON.count)), ("used_today", .count(standing.usedToday)))
            ))
    }
}
