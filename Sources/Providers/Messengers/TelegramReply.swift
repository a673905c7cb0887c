import Delivery
import Domain

/// What Telegram answers: `{"ok":true,"result":{"message_id":…}}`, with a list for a group of files, or
/// `{"ok":false,"error_code":…,"description":…,"parameters":{…}}`.
enum TelegramReply {
    static func receipt(from response: HTTPResponse) throws(DeliveryFailure) -> Receipt {
        let body = JSONReader.read(response.body)
        if response.status == 200, body?["ok"] == true, let id = messageID(body?["result"]) {
            return Receipt(providerID: id)
        }
        throw failure(response, body)
    }

    private static func messageID(_ result: JSONValue?) -> String? {
        if case .list(let items) = result { return items.first?["message_id"]?.written }
        return result?["message_id"]?.written
    }

    private static func failure(_ response: HTTPResponse, _ body: JSONValue?) -> DeliveryFailure {
        let common = HTTPAnswer.common(response, serverErrorsMeanRetry: true)
        // Without Telegram's own words a 403 is a proxy's, and nothing about the resident.
        guard body?["ok"] == false, let code = body?["error_code"]?.written.flatMap({ Int($0) }) else { return common }
        let words = body?["description"]?.written ?? ""
        return DeliveryFailure(
            reason(code, words, body), code: "\(code)", detail: words,
            retryAfter: retryAfter(body) ?? (code == 429 ? common.retryAfter : nil))
    }

    private static func reason(_ code: Int, _ words: String, _ body: JSONValue?) -> DeliveryFailure.Reason {
        let said = Array(words.utf8)
        let says: (String) -> Bool = { said.holds(ignoringCase: Array($0.utf8)) }
        switch code {
        // The group got a new number, which its owner has to tell us.
        case _ where body?["parameters"]?["migrate_to_chat_id"] != nil: return .addressBusy
        // An unknown token makes an unknown path.
        case 401, 404: return .badCredentials
        case 429: return .throttled
        case 403: return says("deactivated") ? .unknownAddress : .optedOut
        case 400 where says("chat not found") || says("user not found"): return .unknownAddress
        case 400 where says("too long"), 413: return .tooLong
        // Empty text, bad markup: an error in the template.
        case 400: return .contentRejected
        case 500...599: return .unreachable
        default: return .unintelligible
        }
    }

    /// At most an hour: a number from outside must not park a channel for good.
    private static func retryAfter(_ body: JSONValue?) -> Duration? {
        guard let seconds = body?["parameters"]?["retry_after"]?.written.flatMap({ Int($0) }), seconds > 0 else {
            return nil
        }
        return .seconds(min(seconds, 3600))
    }
}
