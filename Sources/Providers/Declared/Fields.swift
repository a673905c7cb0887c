import Delivery
import Domain
import FoundationEssentials

/// The values behind the names of a `FieldTemplate`, for one submission, or a question about one, on one account.
struct Fields: Sendable {
    let to: Address
    let reference: MessageID
    let number: Int
    /// A question knows neither the text nor how long it was worth delivering.
    let text: String
    let expiresAt: Date
    let settings: ProviderSettings
    let now: Date
    let longestLife: Duration?

    init(_ submission: Submission, settings: ProviderSettings, now: Date, longestLife: Duration?) {
        to = submission.to.address
        reference = submission.reference
        number = submission.number
        text = submission.content.text
        expiresAt = submission.expiresAt
        self.settings = settings
        self.now = now
        self.longestLife = longestLife
    }

    init(_ inquiry: Inquiry, settings: ProviderSettings, now: Date) {
        to = inquiry.to.address
        reference = inquiry.reference
        number = inquiry.number
        text = ""
        expiresAt = now
        self.settings = settings
        self.now = now
        longestLife = nil
    }

    /// The filled template; nil when a name in it has no value, which is how `omit_empty` knows.
    func fill(_ template: FieldTemplate) -> String? {
        var text = ""
        for piece in template.pieces {
            switch piece {
            case .literal(let literal): text += literal
            case .value(let name, let filter):
                guard let value = value(name, filter), !value.utf8.isEmpty else { return nil }
                text += value
            }
        }
        return text
    }

    /// As a JSON value: a number when the whole of it is one `{name|int}`.
    func json(_ template: FieldTemplate) -> JSONValue? {
        guard let text = fill(template) else { return nil }
        if template.pieces.count == 1, case .value(_, .int) = template.pieces[0] {
            return .number(Self.withoutLeadingZeros(text))
        }
        return .text(text)
    }

    private func value(_ name: String, _ filter: FieldTemplate.Filter?) -> String? {
        switch filter {
        case nil: plain(name)
        case .digits, .int: plain(name).map(Self.digits)
        case .e164: plain(name).map { "+" + Self.digits($0) }
        case .coding: GSM7.septets(in: text) == nil ? "2" : "0"
        case .minutes: "\(life / 60)"
        case .seconds: "\(life)"
        case .hhmm: Self.clock(life / 60)
        }
    }

    private func plain(_ name: String) -> String? {
        guard let fact = FieldTemplate.Fact(rawValue: name) else { return settings.named(name) }
        return switch fact {
        case .to: to.exposed
        case .text: text
        case .reference: reference.text
        case .attempt: "\(number)"
        case .ttl: nil
        }
    }

    /// Whole seconds, at least 60: providers read a life of 0 as "no limit".
    private var life: Int {
        let left = min(expiresAt.timeIntervalSince(now), 30 * 86_400)
        let most = longestLife.map { Int($0.seconds) } ?? .max
        return max(60, min(left.isFinite ? Int(left) : 60, most))
    }

    private static func digits(_ text: String) -> String {
        String(decoding: text.utf8.filter { (0x30...0x39).contains($0) }, as: UTF8.self)
    }

    private static func withoutLeadingZeros(_ digits: String) -> String {
        let trimmed = digits.utf8.drop { $0 == UInt8(ascii: "0") }
        return trimmed.isEmpty ? "0" : String(decoding: trimmed, as: UTF8.self)
    }

    private static func clock(_ minutes: Int) -> String {
        let two: (Int) -> String = { $0 < 10 ? "0\($0)" : "\($0)" }
        return two(minutes / 60) + ":" + two(minutes % 60)
    }
}

extension ProviderSettings {
    /// The setting as descriptions and manifests call it.
    func named(_ name: String) -> String? {
        switch name {
        case "secret": secret?.exposed
        case "user": user
        case "sender": sender
        case "base_url": account.baseURL.utf8.isEmpty ? nil : account.baseURL
        default: values[name]
        }
    }
}
