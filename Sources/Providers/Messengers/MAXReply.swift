import Delivery
import Domain
import FoundationEssentials

/// What MAX answers to a message: `{"message":{"body":{"mid":…}}}` or `{"code":…,"message":…}`.
enum MAXReply {
    static func receipt(from response: HTTPResponse, at now: Date) throws(DeliveryFailure) -> Receipt {
        let body = JSONReader.read(response.body)
        if response.status == 200, let mid = body?["message"]?["body"]?["mid"]?.written, !mid.utf8.isEmpty {
            return Receipt(providerID: mid)
        }
        throw failure(response, body, at: now)
    }

    static func failure(_ response: HTTPResponse, _ body: JSONValue?, at now: Date) -> DeliveryFailure {
        // A 503 is MAX's documented word that it took nothing. A bare 500, 502 or 504 is that of a gateway, behind which
        // MAX may have taken the message.
        let common = HTTPAnswer.common(response, serverErrorsMeanRetry: response.status == 503, at: now)
        guard (400...599).contains(response.status), case .text(let code) = body?["code"] else { return common }
        let words = body?["message"]?.written
        let reason = reason(code, words ?? "", common.reason, status: response.status)
        let asked = HTTPAnswer.pause(in: response, for: reason, at: now)
        return DeliveryFailure(
            reason, code: code, detail: words, retryAfter: asked ?? (reason == .addressBusy ? .seconds(2) : nil))
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
        // MAX's own word, whatever the status: not taken.
        "internal.error": .unreachable,
    ]
}
