import Delivery
import Domain
import FoundationEssentials

/// Reads the reply to one question. Nothing is concluded from a status, from silence or from words we do not know.
struct DeclaredAnswer: Sendable {
    let description: DeclaredDescription.Ask
    let inquiry: Inquiry

    /// - Parameter now: when the reply came.
    func finding(in response: HTTPResponse, at now: Date) -> Finding.Result {
        var view = ReplyView(response, description.format)
        view.code = description.code.lazy.compactMap { view.first($0)?.written }.first
        switch description.rules.first(where: { $0.condition.holds(in: view) })?.then {
        case .had: return receipt(view).map { .had($0) } ?? .cannotTell
        case .hadNot: return isWithinMemory(now) ? .hadNot : .cannotTell
        case .cannotTell, nil: return .cannotTell
        }
    }

    /// Nil when the name that should stand there does not: the reply is about something else.
    private func receipt(_ view: ReplyView) -> Receipt? {
        switch description.id {
        case nil: return Receipt()
        case .reference: return Receipt(providerID: inquiry.reference.text)
        case .path(let path):
            guard let id = view.first(path)?.written, (1...200).contains(id.utf8.count) else { return nil }
            return Receipt(providerID: id)
        }
    }

    private func isWithinMemory(_ now: Date) -> Bool {
        let age = now.timeIntervalSince(inquiry.beganAt)
        return age >= description.knownAfter.seconds && age <= description.knownFor.seconds
    }
}
