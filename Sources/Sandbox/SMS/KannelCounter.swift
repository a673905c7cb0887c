import Domain
import Foundation
import HTTPTypes

/// Kannel's smsbox, `/cgi-bin/sendsms`, as version 1.4.5 behaves: parameters in the query of a GET, or in X-Kannel
/// headers of a POST whose body is the text. A form POST is refused, a missing charset spoils the text silently.
struct KannelCounter: HTTPCounter {
    let group: any KeyPath<Chaos, Chaos.Switches> & Sendable = \.sms
    let limit = 1 << 20
    let login: SandboxSettings.Login?
    private let firstTries = FirstTries()

    /// `max-messages` of smsbox: what is longer is cut, and the answer does not tell.
    private static let maximumParts = 8

    init(login: SandboxSettings.Login?) { self.login = login }

    func trouble(_ status: Int, retryAfter: Int) -> Reply {
        let reply = Reply.text(status == 429 ? 429 : 503, "Temporal failure, try again later.")
        return status == 429 ? reply.retry(after: retryAfter) : reply
    }

    func read(_ visit: Visit) -> Reading {
        guard visit.method == .get || HeaderText.parameters(visit.contentType).value == "text/plain" else {
            return Reading(.text(400, "Invalid content-type"))
        }
        let order = visit.method == .get ? Order(query: visit.query) : Order(visit)
        guard isKnown(order) else { return Reading(.text(403, "Authorization failed for sendsms")) }
        let numbers = order.to.split(separator: " ").map(String.init)
        guard !numbers.isEmpty else { return Reading(.text(400, "Missing receiver number, rejected")) }
        return answer(order, numbers, at: visit.at)
    }

    private func isKnown(_ order: Order) -> Bool {
        guard let login else { return !order.user.isEmpty }
        return login.user.utf8.elementsEqual(order.user.utf8) && login.password.utf8.elementsEqual(order.password.utf8)
    }

    private func answer(_ order: Order, _ numbers: [String], at now: Date) -> Reading {
        let text = arriving(order)
        let reference = order.reportURL.flatMap(Self.reference)
        var reading = Reading(.text(202, "0: Accepted for delivery", accepts: true))
        for number in numbers {
            var message = CapturedMessage(at: now, channel: .sms, counter: .kannel, to: [number])
            message.from = order.from
            message.text = text
            message.reference = reference
            reading.messages.append(message)
            let magic = MagicNumber(number)
            switch magic {
            case .permanent:
                reading.reply = .text(400, "Number(s) has/have been denied by white- and/or black-lists.")
            case .temporaryThenDelivered where firstTries.isFirst("\(number)\n\(order.reportURL ?? "")\n\(text)"):
                reading.reply = .text(503, "Temporal failure, try again later.")
            case .noAnswer: reading.fault = .silence
            case .delivered, .temporaryThenDelivered, .acceptedWithoutReport, .reportedFailed, nil: break
            }
            reading.reports += reports(order, number, magic, at: now)
        }
        return reading
    }

    private func arriving(_ order: Order) -> String {
        let text = order.coding == 2 ? order.text : SMSAlphabet.forcedIntoGSM(order.text)
        guard SMSAlphabet.parts(text) > Self.maximumParts else { return text }
        let units = order.coding == 2 ? 67 : 153
        return String(decoding: Array(text.utf16.prefix(units * Self.maximumParts)), as: UTF16.self)
    }

    // MARK: Delivery reports

    private func reports(_ order: Order, _ number: String, _ magic: MagicNumber?, at now: Date) -> [DeliveryReport] {
        guard let url = order.reportURL, magic != .acceptedWithoutReport, magic != .noAnswer else { return [] }
        let type = magic == .reportedFailed ? 2 : 1
        guard order.reportMask & type != 0 else { return [] }
        let id = String(UInt32.random(in: 1...9_999_999))
        let answer =
            type == 1
            ? "id:\(id) sub:001 dlvrd:001 stat:DELIVRD err:000" : "id:\(id) sub:001 dlvrd:000 stat:UNDELIV err:001"
        let filled = Self.fill(
            url,
            [
                "d": String(type), "F": id, "A": answer, "i": "sandbox", "T": String(Int(now.timeIntervalSince1970)),
                "p": order.from, "P": number, "n": order.user,
            ])
        return Loopback.target(of: filled).map { [DeliveryReport(target: $0, form: nil, userAgent: "Kannel/1.4.5")] }
            ?? []
    }

    /// `%d` and its kin; an escape that is none of them stands as it is.
    static func fill(_ url: String, _ values: [String: String]) -> String {
        var filled = ""
        var rest = Substring(url)
        while let percent = rest.firstIndex(of: "%") {
            filled += rest[..<percent]
            rest = rest[rest.index(after: percent)...]
            if let letter = rest.first, let value = values[String(letter)] {
                filled += FormBody.percentEncoded(value)
                rest = rest.dropFirst()
            } else {
                filled += "%"
            }
        }
        return filled + rest
    }

    /// The sender's own id inside dlr-url: there is no other place for it.
    static func reference(in url: String) -> String? {
        guard let mark = url.firstIndex(of: "?") else { return url.split(separator: "/").last.map(String.init) }
        let query = FormBody(Array(url[url.index(after: mark)...].utf8))
        for name in ["id", "own_id", "ref", "reference", "message"] {
            if let value = query[name], !value.isEmpty, !value.hasPrefix("%") { return value }
        }
        return url[..<mark].split(separator: "/").last.map(String.init)
    }

    /// The parameters, wherever they stood.
    private struct Order {
        let user: String
        let password: String
        let to: String
        let from: String
        let text: String
        let coding: Int
        let reportMask: Int
        let reportURL: String?

        init(query: FormBody) {
            user = query["username"] ?? query["user"] ?? ""
            password = query["password"] ?? query["pass"] ?? ""
            to = query["to"] ?? ""
            from = query["from"] ?? ""
            text = Charset.decode(query.bytes("text") ?? [], query["charset"] ?? "utf-8")
            coding = query["coding"].flatMap { Int($0) } ?? 0
            reportMask = query["dlr-mask"].flatMap { Int($0) } ?? 0
            reportURL = query["dlr-url"]
        }

        init(_ visit: Visit) {
            func field(_ name: String) -> String { visit.header("x-kannel-\(name)") ?? "" }
            user = field("username")
            password = field("password")
            to = field("to")
            from = field("from")
            // Without a charset UTF-8 is read as Latin-1, and still accepted.
            let charset = HeaderText.parameters(visit.contentType).parameters["charset"] ?? "iso-8859-1"
            text = Charset.decode(visit.body, charset)
            coding = Int(field("coding")) ?? 0
            reportMask = Int(field("dlr-mask")) ?? 0
            reportURL = visit.header("x-kannel-dlr-url")
        }
    }
}
