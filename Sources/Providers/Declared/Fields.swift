import Delivery
import Domain
import FoundationEssentials

/// The facts behind the names of a `FieldTemplate`, for one submission or a question about one.
struct Fields {
    let to: Address
    let reference: MessageID
    let number: Int
    /// A question knows neither the text nor how long it was worth delivering.
    let text: String
    let expiresAt: Date
    let now: Date
    let longestLife: Duration?

    init(_ submission: Submission, now: Date, longestLife: Duration?) {
        to = submission.to.address
        reference = submission.reference
        number = submission.number
        text = submission.content.text
        expiresAt = submission.expiresAt
        self.now = now
        self.longestLife = longestLife
    }

    init(_ inquiry: Inquiry, now: Date) {
        to = inquiry.to.address
        reference = inquiry.reference
        number = inquiry.number
        text = ""
        expiresAt = now
        self.now = now
        longestLife = nil
    }

    /// Appends nothing where the fact has no value.
    func write(_ fact: FieldTemplate.Fact, _ filter: FieldTemplate.Filter?, as form: FieldForm, to out: inout [UInt8]) {
        switch filter {
        case nil: writePlain(fact, as: form, to: &out)
        case .digits, .int: form.write(digits(of: fact), to: &out)
        case .e164:
            form.write(CollectionOfOne(UInt8(ascii: "+")), to: &out)
            form.write(digits(of: fact), to: &out)
        case .coding: out.append(UInt8(ascii: GSM7.septets(in: text) == nil ? "2" : "0"))
        case .minutes: Self.write(life / 60, to: &out)
        case .seconds: Self.write(life, to: &out)
        case .hhmm:
            Self.writeTwo(life / 60 / 60, to: &out)
            form.write(CollectionOfOne(UInt8(ascii: ":")), to: &out)
            Self.writeTwo(life / 60 % 60, to: &out)
        }
    }

    private func writePlain(_ fact: FieldTemplate.Fact, as form: FieldForm, to out: inout [UInt8]) {
        switch fact {
        case .to: form.write(to.exposed.utf8, to: &out)
        case .text: form.write(text.utf8, to: &out)
        case .reference: form.write(reference.text.utf8, to: &out)
        case .attempt: Self.write(number, to: &out)
        case .ttl: break
        }
    }

    private func digits(of fact: FieldTemplate.Fact) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(32)
        writePlain(fact, as: .plain, to: &plain)
        return plain.filter { (0x30...0x39).contains($0) }
    }

    /// Whole seconds, at least 60: providers read a life of 0 as "no limit".
    private var life: Int {
        let left = min(expiresAt.timeIntervalSince(now), 30 * 86_400)
        let most = longestLife.map { Int($0.seconds) } ?? .max
        return max(60, min(left.isFinite ? Int(left) : 60, most))
    }

    private static func write(_ number: Int, to out: inout [UInt8]) {
        if number >= 10 { write(number / 10, to: &out) }
        // Neither a life nor the number of a submission is below 0.
        out.append(UInt8(ascii: "0") + UInt8(abs(number % 10)))
    }

    private static func writeTwo(_ number: Int, to out: inout [UInt8]) {
        if number < 10 { out.append(UInt8(ascii: "0")) }
        write(number, to: &out)
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
