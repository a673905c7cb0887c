import Domain
import Synchronization

/// The inquiries of one `ask` call, one after another: providers that can be asked allow few questions at a time, and
/// the account's connections are for sending. A provider that does not answer is not asked about the rest.
final class HTTPInquiries: Sendable {
    private let provider: any HTTPProvider
    private let post: @Sendable (HTTPCall) -> Bool
    private let answer: @Sendable ([Finding]) -> Void
    private let waiting: Mutex<ArraySlice<Inquiry>>

    init(
        _ inquiries: [Inquiry], at provider: any HTTPProvider, post: @escaping @Sendable (HTTPCall) -> Bool,
        answer: @escaping @Sendable ([Finding]) -> Void
    ) {
        self.provider = provider
        self.post = post
        self.answer = answer
        waiting = Mutex(inquiries[...])
    }

    /// Posts the next question; it is answered on the loop's thread, which comes back here.
    func next() {
        while let inquiry = waiting.withLock({ $0.popFirst() }) {
            guard let question = question(about: inquiry) else {
                tell(inquiry, .cannotTell)
                continue
            }
            guard post(call(question, inquiry)) else { return stop(at: inquiry) }
            return
        }
    }

    private func question(about inquiry: Inquiry) -> HTTPQuestion? {
        do throws(DeliveryFailure) {
            return try provider.question(about: inquiry)
        } catch {
            return nil
        }
    }

    private func call(_ question: HTTPQuestion, _ inquiry: Inquiry) -> HTTPCall {
        let heard = Heard()
        let exchange = HTTPExchange(question.request, delivers: false) { response in
            heard.result.withLock { $0 = question.read(response) }
            return .done(Receipt())
        }
        return HTTPCall(id: 0, first: { exchange }) { [self] outcome, _ in
            guard case .success = outcome else { return stop(at: inquiry) }
            tell(inquiry, heard.result.withLock { $0 })
            next()
        }
    }

    private func stop(at inquiry: Inquiry) {
        let rest = waiting.withLock { waiting in
            defer { waiting = [] }
            return [inquiry] + waiting
        }
        answer(rest.map { Finding(reference: $0.reference, result: .cannotTell) })
    }

    private func tell(_ inquiry: Inquiry, _ result: Finding.Result) {
        answer([Finding(reference: inquiry.reference, result: result)])
    }

    private final class Heard: Sendable {
        let result = Mutex(Finding.Result.cannotTell)
    }
}
