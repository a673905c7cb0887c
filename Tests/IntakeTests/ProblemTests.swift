import Domain
import Intake
import Testing

struct ProblemTests {
    static let codes = [
        "invalid_json", "unknown_field", "required", "invalid_phone", "invalid_email", "invalid_value",
        "unknown_template",
        "missing_variable", "text_too_long", "unknown_purpose", "unknown_recipient", "expired_already",
        "idempotency_key_missing", "idempotency_key_reused", "idempotency_in_progress", "preview_stale",
        "already_sending",
        "not_cancellable", "precondition_failed", "unauthorized", "forbidden_scope", "guest_list_only",
        "quota_exceeded",
        "queue_full", "storage_full", "request_timeout", "payload_too_large", "unsupported_media_type", "not_found",
        "internal",
    ]

    @Test func theCodesAreThoseOfTheContract() { #expect(ProblemCode.allCases.map(\.rawValue) == Self.codes) }

    @Test(arguments: ProblemCode.allCases) func everyCodeHasATitleAndAStatus(code: ProblemCode) {
        #expect((400...503).contains(code.status))
        #expect(!code.title.ru.isEmpty && !code.title.en.isEmpty && code.title.ru != code.title.en)
        #expect(!code.retryable || [408, 409, 429, 500, 503].contains(code.status))
        #expect(Set(ProblemCode.allCases.map(\.title)).count == ProblemCode.allCases.count)
    }

    @Test func membersAreThoseOfRFC9457() throws {
        let problem = Problem(
            .missingVariable, Words(ru: "нужен «due»", en: "\"due\" is needed"),
            errors: [.init("/variables/due", .missingVariable, Words(ru: "срок", en: "due date"))])
        let text = String(decoding: problem.json(.ru, requestID: "req_1"), as: UTF8.self)
        #expect(
            text
                == #"{"type":"/docs/errors/missing_variable","title":"В шаблоне не хватает данных","status":422,"code":"missing_variable","detail":"нужен «due»","instance":"urn:request:req_1","errors":[{"pointer":"/variables/due","code":"missing_variable","detail":"срок"}],"retryable":false,"request_id":"req_1"}"#
        )
        #expect(String(decoding: problem.json(.en), as: UTF8.self).contains(#"\"due\" is needed"#))
        #expect(try JSONScan.value(of: problem.json(.en))["status"] == .number("422"))
    }

    @Test(arguments: ["\"\u{301}", "\\", "\r\n\u{200D}", "</script>", "\u{7F}\u{0}"])
    func aStrangersWordsCannotBreakOut(text: String) throws {
        let problem = Problem(
            .invalidValue, Words(ru: text, en: text),
            errors: [.init("/" + text, .invalidValue, Words(ru: text, en: text))])
        let json = problem.json(.ru, requestID: text)
        #expect(!json.contains { $0 < 0x20 } && !json.contains(UInt8(ascii: "<")))
        if !text.unicodeScalars.contains("\u{0}") { #expect(try JSONScan.value(of: json)["detail"] == .string(text)) }
    }
}
