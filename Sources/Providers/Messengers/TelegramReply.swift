import Delivery
import Domain
import FoundationEssentials

/// What Telegram answers: `{"ok":true,"result":{"message_id":…}}`, with a list for a group of files, or
/// `{"ok":false,"error_code":…,"description":…,"parameters":{…}}`.
enum TelegramReply {
    static func receipt(from response: HTTPResponse, at now: Date) throws(DeliveryFailure) -> Receipt {
        let body = JSONReader.read(response.body)
        if response.status == 200, body?["ok"] == true, let id = messageID(body?["result"]) {
            return Receipt(providerID: id)
        }
        throw failure(response, body, at: now)
    }

    private static func messageID(_ result: JSONValue?) -> String? {
        if case .list(let items) = result { return items.first?["message_id"]?.written }
        return result?["message_id"]?.written
    }

    private static func failure(_ response: HTTPResponse, _ body: JSONValue?, at now: Date) -> DeliveryFailure {
        let common = HTTPAnswer.common(response, at: now)
        // Without Telegram's own words a 403 is a proxy's, and nothing about the resident; a 502 is one too, and Telegram
        // may have taken the message behind it.
        guard body?["ok"] == false, let code = body?["error_code"]?.written.flatMap({ Int($0) }) else { return common }
        let words = body?["description"]?.written ?? ""
        let reason = reason(code, words, body)
        return DeliveryFailure(
            reason, code: "\(code)", detail: words,
            retryAfter: retryAfter(body) ?? HTTPAnswer.pause(in: response, for: reason, at: now))
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
        // In Telegram's own words: not taken.
        case 500...599: return .unreachable
        default: return .unintelligible
        }
    }

    private static func retryAfter(_ body: JSONValue?) -> Duration? {
        guard let seconds = body?["parameters"]?["retry_after"]?.written.flatMap({ Double($0) }), seconds > 0 else {
            return nil
        }
        return AskedPause.bounded(seconds)
    }
}
