import Delivery
import Domain

extension DeclaredDescription.Reply {
    /// Where a description says that a 500, 502 or 504 took nothing.
    package enum ServerErrorClaim: Sendable, Hashable {
        case http5xx
        /// The number of the rule, from 0.
        case rule(Int)
    }

    /// Nil where such a reply leaves the message unconfirmed. What is asked about is a reply without a word of the
    /// provider's own: it may be that of a gateway, behind which the message was taken. A rule that names a code or a
    /// word of the provider's claims nothing here.
    package var serverErrorClaim: ServerErrorClaim? {
        for status in [500, 502, 504] {
            for page in ["", "<html><h1>\(status)</h1></html>"] {
                if let claim = claim(for: HTTPResponse(status, body: Array(page.utf8))) { return claim }
            }
        }
        return nil
    }

    private func claim(for response: HTTPResponse) -> ServerErrorClaim? {
        var view = ReplyView(response, format)
        view.code = code.lazy.compactMap { view.first($0)?.written }.first
        guard let index = rules.firstIndex(where: { $0.condition.holds(in: view) }) else {
            return serverError == .unreachable ? .http5xx : nil
        }
        switch rules[index].then {
        case .accepted: return nil
        case .failed(let reason): return DeliveryFailure(reason).outlook == .unknown ? nil : .rule(index)
        }
    }
}

extension DeclaredDescription.Send {
    /// Whether a second request of the same message bears the same name of ours, by which a repeat can be recognised.
    package var bearsReference: Bool {
        let fields = parameters.map(\.value) + headers.map(\.value) + (text.map { [$0] } ?? [])
        return fields.contains { $0.holds(.reference) && !$0.holds(.attempt) }
    }
}

extension FieldTemplate {
    fileprivate func holds(_ fact: Fact) -> Bool {
        pieces.contains {
            switch $0 {
            case .literal: false
            case .value(let name, _): name == fact.rawValue
            }
        }
    }
}
