import Domain
import FoundationEssentials
import Intake
import Policy
import Queue

/// `/v1/accounts/{account}/facts`: what a resident owes, as the billing system knows it. Conditions of messages ask it at
/// the moment they leave.
package struct FactsResource: Sendable {
    let reception: Reception
    package init(_ reception: Reception) { self.reception = reception }

    package var routes: [Route] {
        [
            Route(.put, "/v1/accounts/{account}/facts", .scope(.messagesWrite), body: .small, put),
            Route(.get, "/v1/accounts/{account}/facts", .scope(.messagesRead), show),
        ]
    }

    private func put(_ call: Call) async throws(Problem) -> Answer {
        let by = try reception.keeper(call), account = try call.account()
        let told = try FactsRequest(try call.json()).facts(of: account, at: call.now.wall)
        let noted = try await stored { () async throws(StoreError) in
            try await reception.books.note([told], by: by, at: call.now)
        }
        switch noted.first {
        case .taken?: return .json(Self.json(told, "taken"))
        case .same?: return .json(Self.json(told, "same"))
        // No error: two programs that report at once may overtake each other.
        case .older(let known)?: return .json(Self.json(known, "older"))
        case nil: throw Problem(StoreError(.broken, "no result"))
        }
    }

    private func show(_ call: Call) async throws(Problem) -> Answer {
        let account = try call.account()
        let known = try await stored { () async throws(StoreError) in try await reception.books.facts(of: [account]) }
        guard let facts = known[account] else { throw .noFacts }
        return .json(Self.json(facts, nil))
    }

    private static func json(_ facts: AccountFacts, _ result: String?) -> JSON {
        .object(
            ("account", .string(facts.account.text)), ("balance", .string(facts.balance.text)),
            ("currency", .string("RUB")), ("as_of", .time(facts.asOf)), ("result", .text(result)))
    }
}

extension Call {
    fileprivate func account() throws(Problem) -> AccountID {
        guard let account = parameters["account"].flatMap({ AccountID($0) }) else { throw .noFacts }
        return account
    }
}

extension Problem {
    fileprivate static let noFacts = Problem(
        .notFound,
        Words(ru: "об этом лицевом счёте ничего не сообщали", en: "nothing was told of this account"))
}
