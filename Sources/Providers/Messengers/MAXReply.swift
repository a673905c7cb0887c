import Delivery
import Domain

/// What MAX answers to a message: `{"message":{"body":{"mid":…}}}` or `{"code":…,"message":…}`.
enum MAXReply {
    static func receipt(from response: HTTPResponse) throws(DeliveryFailure) -> Receipt {
        let body = JSONReader.read(response.body)
        if response.status == 200, let mid = body?["message"]?["body"]?["mid"]?.written, !mid.utf8.isEmpty {
            return Receipt(providerID: mid)
        }
        throw failure(response, body)
    }

    static func failure(_ response: HTTPResponse, _ body: JSONValue?) -> DeliveryFailure {
        let common = HTTPAnswer.common(response, serverErrorsMeanRetry: true)
        guard (400...599).contains(response.status), case .text(let code) = body?["code"] else { return common }
        let words = body?["message"]?.written
        let reason = reason(code, words ?? "", common.reason, status: response.status)
        return DeliveryFailure(
            reason, code: code, detail: words, retryAfter: reason == .addressBusy ? .seconds(2) : common.retryAfter)
    }

    private static func reason(
        _ code: String, _ words: String, _ common: DeliveryFailure.Reason, status: Int
    ) -> DeliveryFailure.Reason {
        if let known = reasons[code] { return known }
        switch code {
        case "proto.payload":
            // The bounds of the text come as words only.
            return Array(words.utf8).holds(ignoringCase: Array("size must be between".utf8))
                ? .tooLong : .contentRejected
        default:
            // A code we do not know is never guessed, unless the status alone says whose trouble it is.
            return [401, 429].contains(status) || status >= 500 ? common : .unintelligible
        }
    }

    private static let reasons: [String: DeliveryFailure.Reason] = [
        "verify.token": .badCredentials,
        "access.denied": .optedOut,
        "chat.denied": .optedOut,
        "chat.not.found": .unknownAddress,
        "not.found": .unknownAddress,
        "user.not.found": .unknownAddress,
        // MAX is still taking the file in.
        "attachment.not.ready": .addressBusy,
        "too.many.requests": .throttled,
        "internal.error": .unreachable,
    ]
}
