package import Domain
package import FoundationEssentials

/// The members of a JSON body, taken one by one: each error with its pointer, everything that is not known refused with the
/// nearest name. For requests of all kinds besides the one that sends.
package struct RequestFields {
    private var fields: Fields

    /// - Throws: `invalid_json` where it is no object.
    package init(_ json: JSON) throws(Problem) {
        guard case .object(let members) = json else {
            throw Problem(.invalidJSON, Words(ru: "нужен объект {…}", en: "an object {…} is needed"))
        }
        fields = Fields(members)
    }

    private init(_ fields: Fields) { self.fields = fields }

    /// - Throws: everything that was wrong, together.
    package func finish() throws(Problem) { if let problem = fields.finish() { throw problem } }

    package var names: [String] { fields.names }

    // MARK: Shapes

    /// One line of visible text in NFC, 1…limit bytes.
    package mutating func line(_ name: String, limit: Int) -> String? {
        fields.take(name) { fields, value in fields.line(value, limit: limit) }
    }

    /// The same, and `required` where it is missing; "" then.
    package mutating func needed(_ name: String, limit: Int) -> String {
        fields.require(name) { fields, value in fields.line(value, limit: limit) } ?? ""
    }

    package mutating func time(_ name: String) -> Date? {
        fields.take(name) { fields, value in fields.time(value) }
    }

    package mutating func flag(_ name: String) -> Bool? { fields.take(name) { fields, value in fields.bool(value) } }

    package mutating func locale(_ name: String) -> String? {
        fields.take(name) { fields, value in fields.locale(value) }
    }

    /// A whole number as JSON writes it.
    package mutating func number(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        fields.take(name) { fields, value in
            guard case .number(let text) = value, let number = Int(text), range.contains(number) else {
                return fields.fail(
                    .invalidValue,
                    Words(
                        ru: "нужно целое число от \(range.lowerBound) до \(range.upperBound)",
                        en: "a whole number from \(range.lowerBound) to \(range.upperBound) is needed"))
            }
            return number
        }
    }

    /// Any value; nil where it is missing or null.
    package mutating func value(_ name: String) -> JSON? { fields.take(name) { _, value in value } }

    /// The members of an object inside, read by `body`; what it does not take is unknown.
    package mutating func object<Value>(_ name: String, _ body: (inout RequestFields) -> Value?) -> Value? {
        fields.take(name) { fields, value in
            guard let inside = fields.object(value) else { return nil }
            var inner = RequestFields(inside)
            let read = body(&inner)
            fields.close(inner.fields)
            return read
        }
    }

    /// The items of a list of 1…limit objects, each read by `body`.
    package mutating func objects<Value>(
        _ name: String, limit: Int, _ body: (inout RequestFields) -> Value?
    ) -> [Value]? {
        fields.take(name) { fields, value in
            guard case .array(let items) = value, (1...limit).contains(items.count) else {
                return fields.fail(
                    .invalidValue,
                    Words(ru: "нужен список от 1 до \(limit)", en: "a list of 1 to \(limit) is needed"))
            }
            var values: [Value] = []
            for (index, item) in items.enumerated() {
                guard let inside = fields.object(item, at: "\(index)") else { continue }
                var inner = RequestFields(inside)
                if let read = body(&inner) { values.append(read) }
                fields.close(inner.fields)
            }
            return values
        }
    }

    /// Says `required` where it is missing or null; before it is taken.
    package mutating func expect(_ name: String) { fields.expect(name) }

    package mutating func fail(_ code: ProblemCode, _ words: Words) { fields.fail(code, words) }

    /// - Parameter member: of this object.
    package mutating func fail(_ code: ProblemCode, _ words: Words, at member: String) {
        fields.fail(code, words, at: member)
    }

    /// For what only this module reads: nil where it is missing, null or wrong.
    mutating func take<Value>(_ name: String, _ read: (inout Fields, JSON) -> Value?) -> Value? {
        fields.take(name, read)
    }

    mutating func require<Value>(_ name: String, _ read: (inout Fields, JSON) -> Value?) -> Value? {
        fields.require(name, read)
    }

    // MARK: Words

    /// One of a closed list.
    package mutating func word<Value>(_ name: String, _ read: (String) -> Value?, known: [String]) -> Value? {
        fields.take(name) { fields, value in fields.word(value, read, known: known) }
    }

    /// One or several of a closed list: `"queued"` or `["queued", "sent"]`.
    package mutating func words<Value>(_ name: String, _ read: (String) -> Value?, known: [String]) -> [Value] {
        fields.take(name) { fields, value in
            let items: [JSON] = if case .array(let items) = value { items } else { [value] }
            return items.compactMap { fields.word($0, read, known: known) }
        } ?? []
    }

    /// A list without repeats; empty where it is missing.
    package mutating func channels(_ name: String) -> [Channel] { fields.channels(name) }

    /// `variables`, as they stand in a request that sends.
    package mutating func variables() -> Variables { VariableReader.variables(&fields) }

    package mutating func purpose(_ name: String) -> PurposeID? { fields.purpose(name) }

    package mutating func recipient(_ name: String) -> RecipientID? {
        fields.take(name) { fields, value in fields.recipient(value) }
    }

    /// The same, and `required` where it is missing.
    package mutating func neededRecipient(_ name: String) -> RecipientID? {
        fields.require(name) { fields, value in fields.recipient(value) }
    }

    package mutating func neededPurpose(_ name: String) -> PurposeID? {
        fields.require(name) { fields, value in fields.purpose(value) }
    }

    /// `{"sms": "+7…"}`: exactly one channel with its address.
    package mutating func destination(_ name: String) -> Destination? {
        fields.take(name) { fields, value in fields.destination(value) }
    }

    /// The same, and `required` where it is missing.
    package mutating func neededDestination(_ name: String) -> Destination? {
        fields.require(name) { fields, value in fields.destination(value) }
    }

    /// A list of them, in the resident's order, each once.
    package mutating func destinations(_ name: String, limit: Int) -> [Destination]? {
        fields.take(name) { fields, value in
            guard case .array(let items) = value, items.count <= limit else {
                return fields.fail(
                    .invalidValue,
                    Words(ru: "нужен список до \(limit) адресов", en: "a list of up to \(limit) addresses is needed"))
            }
            var destinations: [Destination] = []
            for (index, item) in items.enumerated() {
                guard var inside = fields.object(item, at: "\(index)") else { continue }
                let found = TargetReader.addresses(&inside)
                if found.isEmpty, inside.errors.isEmpty, inside.names.isEmpty { inside.failNoAddress() }
                for destination in found where !destinations.contains(destination) { destinations.append(destination) }
                fields.close(inside)
            }
            return destinations
        }
    }
}

extension Fields {
    fileprivate mutating func destination(_ value: JSON) -> Destination? {
        guard var inside = object(value) else { return nil }
        let found = TargetReader.addresses(&inside)
        if found.count != 1, inside.errors.isEmpty { inside.failNoAddress() }
        close(inside)
        return found.first
    }

    fileprivate mutating func failNoAddress() {
        fail(
            .required,
            Words(ru: "нужен один адрес: {\"sms\": \"+7…\"}", en: "one address is needed: {\"sms\": \"+7…\"}"))
    }
}

extension JSON {
    /// - Throws: `invalid_json`, or `invalid_value` for a NUL, with its pointer.
    package init(strict bytes: [UInt8]) throws(Problem) {
        do throws(JSONFault) { self = try JSONScan.value(of: bytes) } catch {
            if case .nul(let pointer) = error {
                throw Problem(.invalidValue, error.words, errors: [.init(pointer, .invalidValue, error.words)])
            }
            throw Problem(.invalidJSON, error.words)
        }
    }
}
