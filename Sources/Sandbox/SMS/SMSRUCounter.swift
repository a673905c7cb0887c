import Crypto
import Domain
import Foundation
import HTTPTypes

/// SMS.ru, `/sms/send`: a form; with json=1 an envelope in which each number has its own code.
struct SMSRUCounter: HTTPCounter {
    let group: any KeyPath<Chaos, Chaos.Switches> & Sendable = \.sms
    let limit = 1 << 20
    private let settings: SandboxSettings
    private let inbox: Inbox
    private let firstTries = FirstTries()

    init(_ settings: SandboxSettings, inbox: Inbox) {
        self.settings = settings
        self.inbox = inbox
    }

    func trouble(_ status: Int, retryAfter: Int) -> Reply {
        let reply = Reply.text(status, status == 429 ? "Too Many Requests" : "Internal Server Error")
        return status == 429 ? reply.retry(after: retryAfter) : reply
    }

    func read(_ visit: Visit) -> Reading {
        guard visit.method == .post else { return Reading(Self.refused(210, "Используется GET, где нужен POST")) }
        let form = visit.form
        guard let key = form["api_id"], !key.isEmpty, settings.login.map({ $0.password == key }) ?? true else {
            return Reading(Self.refused(200, "Неправильный api_id"))
        }
        let letters = Self.letters(form)
        guard !letters.isEmpty else { return Reading(Self.refused(202, "Не указан номер")) }
        guard letters.count <= 100 else { return Reading(Self.refused(213, "Больше 100 номеров")) }
        return answer(form, letters, key, at: visit.at)
    }

    /// `to=79…,79…&msg=…`, or `to[79…]=…` with a text for each.
    private static func letters(_ form: FormBody) -> [(number: String, text: String)] {
        let shared = form["msg"] ?? form["text"] ?? ""
        let listed = (form["to"] ?? "").split(separator: ",").map { (String($0), shared) }
        let own = form.pairs.compactMap { pair -> (String, String)? in
            guard pair.name.hasPrefix("to["), pair.name.hasSuffix("]") else { return nil }
            return (String(pair.name.dropFirst(3).dropLast()), pair.value)
        }
        return listed + own
    }

    private func answer(
        _ form: FormBody, _ letters: [(number: String, text: String)], _ key: String, at now: Date
    ) -> Reading {
        var results: [String: JSONValue] = [:]
        var reading = Reading(Self.refused(200, ""))
        for letter in letters {
            let magic = MagicNumber(letter.number)
            let id = "000000-\(inbox.ticket())"
            let refusal = refusal(letter.number, letter.text, magic)
            results[letter.number] = refusal ?? Self.result(100, id: id)
            var message = CapturedMessage(at: now, channel: .sms, counter: .smsru, to: [letter.number])
            message.from = form["from"] ?? ""
            message.text = letter.text
            message.arrived = refusal == nil
            if form["test"] != "1" { reading.messages.append(message) }
            if magic == .noAnswer { reading.fault = .silence }
            if refusal == nil, let report = report(id, key, magic, at: now) { reading.reports.append(report) }
        }
        reading.reply = .json(
            200,
            .object([
                "status": .string("OK"), "status_code": .integer(100), "sms": .object(results),
                "balance": .number(4122.56),
            ]), accepts: form["test"] != "1")
        return reading
    }

    /// The number's own code, when it is not 100.
    private func refusal(_ number: String, _ text: String, _ magic: MagicNumber?) -> JSONValue? {
        if text.isEmpty { return Self.result(203) }
        if SMSAlphabet.parts(text) > 8 { return Self.result(205) }
        switch magic {
        case .permanent: return Self.result(202)
        case .temporaryThenDelivered: return firstTries.isFirst("\(number)\n\(text)") ? Self.result(220) : nil
        case .delivered, .noAnswer, .acceptedWithoutReport, .reportedFailed, nil:
            return (phoneDigits(number)?.utf8.count ?? 0) < 10 ? Self.result(202) : nil
        }
    }

    private func report(_ id: String, _ key: String, _ magic: MagicNumber?, at now: Date) -> DeliveryReport? {
        guard let url = settings.smsruReportURL, let target = Loopback.target(of: url),
            magic != .acceptedWithoutReport, magic != .noAnswer
        else { return nil }
        let lines = "sms_status\n\(id)\n\(magic == .reportedFailed ? 106 : 103)\n\(Int(now.timeIntervalSince1970))"
        let digest = SHA256.hash(data: Data((key + lines).utf8))
        let hash = digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let form = "data%5B0%5D=\(FormBody.percentEncoded(lines))&hash=\(hash)"
        return DeliveryReport(target: target, form: form, userAgent: "sms.ru")
    }

    private static func result(_ code: Int, id: String? = nil) -> JSONValue {
        var result: [String: JSONValue] = [
            "status": .string(code == 100 ? "OK" : "ERROR"), "status_code": .integer(code),
        ]
        if let id { result["sms_id"] = .string(id) }
        return .object(result)
    }

    private static func refused(_ code: Int, _ text: String) -> Reply {
        .json(
            200,
            .object(["status": .string("ERROR"), "status_code": .integer(code), "status_text": .string(text)]))
    }
}
