import Delivery
import Domain
import FoundationEssentials

/// Reads one complete reply by the rules of a description, then by those all providers share.
struct DeclaredReply: Sendable {
    let description: DeclaredDescription.Reply

    /// - Parameter time: our clock, for a time that the provider asks us to wait for.
    func receipt(
        from response: HTTPResponse, to: Address, at time: TimeSource
    ) throws(DeliveryFailure) -> Receipt {
        let view = view(of: response, to)
        guard let rule = description.rules.first(where: { $0.condition.holds(in: view) }) else {
            throw named(
                HTTPAnswer.common(
                    response, serverErrorsMeanRetry: description.serverError == .unreachable,
                    at: time.now().wall), view)
        }
        switch rule.then {
        case .accepted: return try receipt(view)
        case .failed(let reason):
            let asked = HTTPAnswer.pause(in: response, for: reason, at: time.now().wall)
            // Never shorter than the provider asks, nor than its description knows better.
            throw failure(reason, rule, view, retryAfter: [rule.after, asked].compactMap(\.self).max())
        }
    }

    private func receipt(_ view: ReplyView) throws(DeliveryFailure) -> Receipt {
        var receipt = Receipt()
        if let path = description.id {
            guard let id = view.first(path)?.written, !id.utf8.isEmpty, id.utf8.count <= 200 else {
                throw DeliveryFailure(.unintelligible, code: view.code, detail: "accepted without an id")
            }
            receipt.providerID = id
        }
        receipt.parts = description.parts.flatMap { view.first($0)?.written }.flatMap { Int($0) }
        return receipt
    }

    private func failure(
        _ reason: DeliveryFailure.Reason, _ rule: ReplyRule, _ view: ReplyView, retryAfter: Duration?
    ) -> DeliveryFailure {
        let said = [rule.why, words(view)].compactMap(\.self).joined(separator: ": ")
        return DeliveryFailure(
            reason, code: view.code ?? "HTTP \(view.status)", detail: said.utf8.isEmpty ? nil : said,
            retryAfter: retryAfter)
    }

    /// The shared rules know the status only; what the provider calls it is worth keeping.
    private func named(_ common: DeliveryFailure, _ view: ReplyView) -> DeliveryFailure {
        DeliveryFailure(
            common.reason, code: view.code ?? common.code, detail: common.detail ?? words(view),
            retryAfter: common.retryAfter)
    }

    private func words(_ view: ReplyView) -> String? {
        description.detail.lazy.compactMap { view.first($0)?.written }.first
    }

    private func view(of response: HTTPResponse, _ to: Address) -> ReplyView {
        var view = ReplyView(response, description.format)
        if let each = description.each { view.each = item(each, of: to, in: view) }
        view.code = description.code.lazy.compactMap { view.first($0)?.written }.first
        return view
    }

    /// The item of our recipient. A list of one item is about us however the provider spells the number.
    private func item(_ each: DeclaredDescription.Each, of to: Address, in view: ReplyView) -> JSONValue? {
        let items = items(each, in: view)
        if items.count == 1 { return items.first?.value }
        let ours = Self.digits(to.exposed)
        return items.first { Self.digits($0.number) == ours }?.value
    }

    private func items(_ each: DeclaredDescription.Each, in view: ReplyView) -> [(number: String, value: JSONValue)] {
        switch (each.match, view.first(each.list)) {
        case (.key, .object(let members)): members.map { ($0.key, $0.value) }
        case (.field(let name), .list(let items)): items.map { ($0[name]?.written ?? "", $0) }
        case (.field(let name), .object(let members)):
            [(JSONValue.object(members)[name]?.written ?? "", .object(members))]
        default: []
        }
    }

    private static func digits(_ text: String) -> [UInt8] { text.utf8.filter { (0x30...0x39).contains($0) } }
}
