package import Domain
import FoundationEssentials

/// The members of one JSON object while they are read: each is taken once, what is left is unknown, and errors are kept
/// with their pointers so that a caller mends them all in one go.
struct Fields {
    private var members: [JSON.Member]
    private var asked: [String] = []
    private var path: [String]
    private(set) var errors: [Problem.Item] = []

    init(_ members: [JSON.Member], path: [String] = []) {
        self.members = members
        self.path = path
    }

    var names: [String] { members.map(\.name) }

    /// Nil where it is missing, null or wrong; `read` has then said why.
    mutating func take<Value>(_ name: String, _ read: (inout Fields, JSON) -> Value?) -> Value? {
        asked.append(name)
        guard let index = members.firstIndex(where: { $0.name.sameBytes(as: name) }) else { return nil }
        let value = members.remove(at: index).value
        if value == .null { return nil }
        path.append(name)
        defer { path.removeLast() }
        return read(&self, value)
    }

    mutating func require<Value>(_ name: String, _ read: (inout Fields, JSON) -> Value?) -> Value? {
        expect(name)
        return take(name, read)
    }

    /// Says `required` where it is missing or null.
    mutating func expect(_ name: String) {
        if members.contains(where: { $0.name.sameBytes(as: name) && $0.value != .null }) { return }
        fail(.required, Words(ru: "нужно поле \(name)", en: "the field \(name) is needed"), at: name)
    }

    @discardableResult
    mutating func fail<Value>(_ code: ProblemCode, _ words: Words) -> Value? {
        errors.append(.init(JSONPointer(path).text, code, words))
        return nil
    }

    mutating func fail(_ code: ProblemCode, _ words: Words) { let _: Never? = fail(code, words) }

    mutating func fail(_ code: ProblemCode, _ words: Words, at member: String) {
        path.append(member)
        fail(code, words)
        path.removeLast()
    }

    // MARK: nested

    mutating func object(_ value: JSON, at index: String? = nil) -> Fields? {
        guard case .object(let members) = value else {
            if let index { path.append(index) }
            fail(.invalidValue, Words(ru: "нужен объект {…}", en: "an object {…} is needed"))
            if index != nil { path.removeLast() }
            return nil
        }
        return Fields(members, path: path + (index.map { [$0] } ?? []))
    }

    /// Takes over what an inner object had to complain of, its unknown members among it.
    mutating func close(_ inner: Fields) { errors += inner.errors + inner.strangers }

    private var strangers: [Problem.Item] {
        members.map { member in
            let near = nearestName(to: member.name, among: asked)
            return Problem.Item(
                JSONPointer(path + [member.name]).text, .unknownField,
                Words(
                    ru: "такого поля нет"
                        + (near.map { "; может быть, \($0)?" } ?? "; есть: \(asked.joined(separator: ", "))"),
                    en: "there is no such field"
                        + (near.map { "; did you mean \($0)?" } ?? "; known: \(asked.joined(separator: ", "))")))
        }
    }

    func finish() -> Problem? { Problem(of: errors + strangers) }

    // MARK: shapes

    /// One line of visible text in NFC.
    mutating func line(_ value: JSON, limit: Int) -> String? {
        guard case .string(let raw) = value else {
            return fail(.invalidValue, Words(ru: "нужен текст в кавычках", en: "text in quotes is needed"))
        }
        let text = raw.nfc
        let plain = text.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && $0.properties.generalCategory != .format
        }
        guard plain, (1...limit).contains(text.utf8.count) else {
            return fail(
                .invalidValue,
                Words(
                    ru: "нужна непустая строка до \(limit) байт без управляющих знаков",
                    en: "a line of 1 to \(limit) bytes without control characters is needed"))
        }
        return text
    }

    mutating func bool(_ value: JSON) -> Bool? {
        guard case .bool(let flag) = value else {
            return fail(.invalidValue, Words(ru: "нужно true или false", en: "true or false is needed"))
        }
        return flag
    }

    mutating func time(_ value: JSON) -> Date? {
        guard case .string(let text) = value, let date = RFC3339.date(text) else {
            return fail(
                .invalidValue,
                Words(
                    ru: "нужно время 2026-12-15T21:00:00+03:00", en: "a time like 2026-12-15T21:00:00+03:00 is needed"))
        }
        return date
    }

    /// The shape of a language tag; which languages a template has is another question.
    mutating func locale(_ value: JSON) -> String? {
        guard let text = line(value, limit: 35) else { return nil }
        guard isLocale(text) else {
            return fail(.invalidValue, Words(ru: "нужен язык: ru, tt, kk", en: "a language is needed: ru, tt, kk"))
        }
        return text
    }

    /// Up to 255 characters without controls, bytes as they are.
    mutating func key(_ value: JSON) -> String? {
        guard case .string(let text) = value, text.isIdempotencyKey else { return fail(.invalidValue, keyWords) }
        return text
    }

    mutating func purpose(_ name: String) -> PurposeID? {
        take(name) { fields, value in fields.purpose(value) }
    }

    mutating func purpose(_ value: JSON) -> PurposeID? {
        guard let text = line(value, limit: 64) else { return nil }
        return PurposeID(text)
            ?? fail(.unknownPurpose, Words(ru: "это не имя цели", en: "not the name of a purpose"))
    }

    mutating func priority(_ name: String) -> Priority? {
        take(name) { fields, value in
            guard let text = fields.line(value, limit: 32) else { return nil }
            return Priority(name: text) ?? fields.unknown(text, among: Priority.allCases.map(\.name))
        }
    }

    mutating func channels(_ name: String) -> [Channel] {
        take(name) { fields, value in
            guard case .array(let items) = value, !items.isEmpty else {
                return fields.fail(.invalidValue, Words(ru: "нужен список каналов", en: "a list of channels is needed"))
            }
            var channels: [Channel] = []
            for (index, item) in items.enumerated() {
                fields.path.append("\(index)")
                defer { fields.path.removeLast() }
                guard let text = fields.line(item, limit: 32) else { continue }
                guard let channel = Channel(rawValue: text) else {
                    let _: Never? = fields.unknown(text, among: Channel.allCases.map(\.rawValue))
                    continue
                }
                if channels.contains(channel) {
                    fields.fail(.invalidValue, Words(ru: "канал повторяется", en: "the channel is repeated"))
                } else {
                    channels.append(channel)
                }
            }
            return channels
        } ?? []
    }

    /// `{"after": "2h", "if": "not_delivered"}`, both said.
    mutating func fallback(_ name: String) -> Fallback? {
        take(name) { fields, value in
            guard var inside = fields.object(value) else { return nil }
            let after = inside.require("after") { fields, value in fields.duration(value, in: Fallback.allowed) }
            let condition = inside.require("if") { fields, value -> String? in
                guard let text = fields.line(value, limit: 32) else { return nil }
                let known = "not_delivered"
                return text.sameBytes(as: known) ? text : fields.unknown(text, among: [known])
            }
            fields.close(inside)
            guard let after, condition != nil else { return nil }
            return Fallback(after: after)
        }
    }

    /// `90s`, `30m`, `2h`, `3d`: a whole number with its unit.
    mutating func duration(_ value: JSON, in range: ClosedRange<Duration>) -> Duration? {
        let units: [UInt8: Int] = [
            UInt8(ascii: "s"): 1, UInt8(ascii: "m"): 60, UInt8(ascii: "h"): 3600, UInt8(ascii: "d"): 86_400,
        ]
        if case .string(let text) = value, let unit = text.utf8.last, let seconds = units[unit] {
            let digits = text.utf8.dropLast()
            // Six digits of days are beyond every range, and nothing overflows.
            if (1...6).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) {
                let duration = Duration.seconds(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } * seconds)
                if range.contains(duration) { return duration }
            }
        }
        let least = Int(range.lowerBound.seconds / 60), most = Int(range.upperBound.seconds / 86_400)
        return fail(
            .invalidValue,
            Words(
                ru: "нужна длительность с единицей, от \(least)m до \(most)d: 30m, 2h, 1d",
                en: "a duration with its unit is needed, \(least)m to \(most)d: 30m, 2h, 1d"))
    }

    mutating func metadata(_ name: String) -> [String: String] {
        take(name) { fields, value in
            guard var inside = fields.object(value) else { return nil }
            var metadata: [String: String] = [:]
            let limits = inside.names.count <= 50 && inside.names.allSatisfy { (1...64).contains($0.utf8.count) }
            if !limits {
                inside.fail(
                    .invalidValue, Words(ru: "не больше 50 имён до 64 байт", en: "at most 50 names of up to 64 bytes"))
            }
            for key in inside.names {
                metadata[key] = inside.take(key) { fields, value in fields.line(value, limit: 500) }
            }
            fields.close(inside)
            return metadata
        } ?? [:]
    }

    mutating func recipient(_ value: JSON) -> RecipientID? {
        guard let text = line(value, limit: 128) else { return nil }
        return RecipientID(text)
            ?? fail(.invalidValue, Words(ru: "это не имя получателя", en: "not the name of a recipient"))
    }

    /// One of a closed list.
    mutating func word<Value>(_ value: JSON, _ read: (String) -> Value?, known: [String]) -> Value? {
        guard let text = line(value, limit: 64) else { return nil }
        return read(text) ?? unknown(text, among: known)
    }

    mutating func unknown<Value>(_ text: String, among known: [String]) -> Value? {
        fail(.invalidValue, .noSuchValue(text, among: known))
    }
}

extension Words {
    /// For a word that is none of a closed list: the nearest of them, or all.
    package static func noSuchValue(_ text: String, among known: [String]) -> Words {
        let near = nearestName(to: text, among: known)
        let all = known.joined(separator: ", ")
        return Words(
            ru: near.map { "такого значения нет; может быть, \($0)?" } ?? "такого значения нет; есть: \(all)",
            en: near.map { "no such value; did you mean \($0)?" } ?? "no such value; known: \(all)")
    }
}

extension String {
    /// 1…255 characters without controls.
    package var isIdempotencyKey: Bool {
        (1...255).contains(unicodeScalars.count)
            && unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    }
}

let keyWords = Words(
    ru: "ключ: от 1 до 255 знаков без управляющих", en: "a key has 1 to 255 characters and no control characters")

/// `ru`, `kk-Cyrl`, `tt-RU`.
func isLocale(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard let first = parts.first, (2...3).contains(first.count), text.utf8.count <= 35 else { return false }
    return parts.allSatisfy { part in
        (1...8).contains(part.count)
            && part.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            }
    }
}
