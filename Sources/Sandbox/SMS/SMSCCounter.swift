import Crypto
import Domain
import Foundation
import HTTPTypes
import Synchronization

/// SMSC.ru, `/sys/send.php` and `/sys/status.php`: a form or a query, the answer in JSON when fmt=3, errors with HTTP
/// 200.
struct SMSCCounter: HTTPCounter {
    let group: any KeyPath<Chaos, Chaos.Switches> & Sendable = \.sms
    let limit = 1 << 20
    private let settings: SandboxSettings
    private let inbox: Inbox
    private let firstTries = FirstTries()
    private let repeats = Repeats()

    init(_ settings: SandboxSettings, inbox: Inbox) {
        self.settings = settings
        self.inbox = inbox
    }

    func trouble(_ status: Int, retryAfter: Int) -> Reply {
        let reply = Reply.text(status, status == 429 ? "Too Many Requests" : "Internal Server Error")
        return status == 429 ? reply.retry(after: retryAfter) : reply
    }

    func read(_ visit: Visit) -> Reading {
        let form = visit.method == .get ? visit.query : visit.form
        let dialect = Dialect(isJSON: form["fmt"] == "3")
        guard isKnown(form) else { return Reading(dialect.error(2, "authorise error")) }
        if visit.path.utf8.elementsEqual("/sys/status.php".utf8) { return Reading(status(form, dialect)) }
        // Without a charset the text is read as windows-1251.
        let text = Charset.decode(form.bytes("mes") ?? [], form["charset"] ?? "windows-1251")
        let numbers = (form["phones"] ?? "").split { $0 == "," || $0 == ";" }.map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard !text.isEmpty, !numbers.isEmpty else { return Reading(dialect.error(1, "parameters error")) }
        if form["cost"] == "1" { return Reading(dialect.price(count: numbers.count)) }
        var reading = taken(form, numbers, text, dialect, at: visit.at)
        if settings.smscDuplicateFilter, reading.reply.accepts,
            repeats.isRepeat("\(numbers.joined(separator: ","))\n\(text)", at: visit.at)
        {
            reading.reply = dialect.error(9, "duplicate request, wait a minute")
        }
        return reading
    }

    /// What became of a message, by the id that its sender gave it; of several with one id the last. Only what arrived is
    /// known here, whatever the sender was told.
    private func status(_ form: FormBody, _ dialect: Dialect) -> Reply {
        guard let id = form["id"], let phone = form["phone"], !id.isEmpty, !phone.isEmpty else {
            return dialect.error(1, "parameters error")
        }
        let found = inbox.list(InboxFilter(channels: [.sms], to: phone, limit: .max)).first { message in
            message.counter == .smsc && message.arrived && message.reference?.utf8.elementsEqual(id.utf8) == true
        }
        guard let found else { return dialect.error(3, "message not found") }
        return dialect.status(MagicNumber(phone) == .reportedFailed ? 20 : 1, at: found.at)
    }

    private func isKnown(_ form: FormBody) -> Bool {
        if let key = form["apikey"], !key.isEmpty { return settings.login.map { $0.password == key } ?? true }
        guard let user = form["login"], let password = form["psw"], !user.isEmpty, !password.isEmpty else {
            return false
        }
        guard let login = settings.login else { return true }
        return login.user == user && (login.password == password || Self.md5(login.password) == password)
    }

    private func taken(
        _ form: FormBody, _ numbers: [String], _ text: String, _ dialect: Dialect, at now: Date
    ) -> Reading {
        let id = form["id"].flatMap { $0.isEmpty ? nil : $0 } ?? String(inbox.ticket())
        var reading = Reading(dialect.accepted(id: id, parts: SMSAlphabet.parts(text) * numbers.count))
        for number in numbers {
            var message = CapturedMessage(at: now, channel: .sms, counter: .smsc, to: [number])
            message.from = form["sender"] ?? ""
            message.text = text
            message.reference = form["id"]
            reading.messages.append(message)
            let magic = MagicNumber(number)
            switch magic {
            case .permanent: reading.reply = dialect.error(8, "message to this number cannot be delivered")
            case .temporaryThenDelivered where firstTries.isFirst("\(number)\n\(form["id"] ?? "")\n\(text)"):
                reading.reply = Reply.text(503, "Service Unavailable").retry(after: 1)
            case .noAnswer: reading.fault = .silence
            case .delivered, .temporaryThenDelivered, .acceptedWithoutReport, .reportedFailed, nil:
                if (phoneDigits(number)?.utf8.count ?? 0) < 10 { reading.reply = dialect.error(7, "invalid number") }
            }
            if let report = report(id, number, magic, at: now) { reading.reports.append(report) }
        }
        return reading
    }

    private func report(_ id: String, _ number: String, _ magic: MagicNumber?, at now: Date) -> DeliveryReport? {
        guard let url = settings.smscReportURL, let target = Loopback.target(of: url),
            magic != .acceptedWithoutReport, magic != .noAnswer
        else { return nil }
        let status = magic == .reportedFailed ? "20" : "1"
        let phone = phoneDigits(number) ?? number
        let signed = "\(id):\(phone):\(status):\(settings.smscReportSecret)"
        let seconds = String(Int(now.timeIntervalSince1970))
        let fields = [
            ("id", id), ("phone", phone), ("status", status), ("ts", seconds), ("err", status == "1" ? "0" : "1"),
            ("cnt", "1"), ("md5", Self.md5(signed)), ("sha1", Self.hex(Insecure.SHA1.hash(data: Data(signed.utf8)))),
        ]
        let form = fields.map { "\($0.0)=\(FormBody.percentEncoded($0.1))" }.joined(separator: "&")
        return DeliveryReport(target: target, form: form, userAgent: "smsc")
    }

    private static func md5(_ text: String) -> String { hex(Insecure.MD5.hash(data: Data(text.utf8))) }

    private static func hex(_ digest: some Sequence<UInt8>) -> String {
        digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// fmt=3 is JSON; anything else is answered in words.
    private struct Dialect {
        let isJSON: Bool

        func accepted(id: String, parts: Int) -> Reply {
            guard isJSON else { return .text(200, "OK - \(parts) SMS, ID - \(id)", accepts: true) }
            let cost = parts * 144
            return .json(
                200,
                .object([
                    "id": Int(id).map(JSONValue.integer) ?? .string(id), "cnt": .integer(parts),
                    "cost": .string("\(cost / 100).\(cost % 100 / 10)\(cost % 10)"), "balance": .string("1000.00"),
                ]), accepts: true)
        }

        /// Only the price was asked: nothing is sent, and nothing kept.
        func price(count: Int) -> Reply {
            isJSON
                ? .json(200, .object(["cost": .string("1.44"), "cnt": .integer(count)])) : .text(200, "1.44 (\(count))")
        }

        func status(_ status: Int, at time: Date) -> Reply {
            let seconds = Int(time.timeIntervalSince1970)
            guard isJSON else { return .text(200, "Status = \(status), check_time = \(seconds)") }
            return .json(
                200,
                .object([
                    "status": .integer(status), "last_timestamp": .integer(seconds),
                    "err": .integer(status == 1 ? 0 : 1),
                ]))
        }

        func error(_ code: Int, _ text: String) -> Reply {
            isJSON
                ? .json(200, .object(["error": .string(text), "error_code": .integer(code)]))
                : .text(200, "ERROR = \(code) (\(text))")
        }
    }

    /// The same text to the same number within a minute.
    private final class Repeats: Sendable {
        private let taken = Mutex<[String: Date]>([:])

        func isRepeat(_ key: String, at now: Date) -> Bool {
            taken.withLock { taken in
                if taken.count > 50_000 { taken = taken.filter { now.timeIntervalSince($0.value) < 60 } }
                defer { taken[key] = now }
                return taken[key].map { now.timeIntervalSince($0) < 60 } ?? false
            }
        }
    }
}
