package import Domain

/// What is wrong in a description: a sentence without the place, which the reader of the file knows.
package struct DescriptionError: Error, Sendable, Hashable {
    package let problem: Words
    package init(ru: String, en: String) { problem = Words(ru: ru, en: en) }

    static func unknown(_ word: String, among known: [String]) -> DescriptionError {
        guard let near = nearestName(to: word, among: known) else {
            let all = known.joined(separator: ", ")
            return DescriptionError(
                ru: "«\(word)» здесь не бывает; бывает: \(all)", en: "\"\(word)\" is not known here; known: \(all)")
        }
        return DescriptionError(
            ru: "«\(word)» здесь не бывает; может быть, \(near)?",
            en: "\"\(word)\" is not known here; did you mean \(near)?")
    }
}

/// The value of one parameter: text with `{name}` or `{name|filter}` in it. No loops, no conditions, no scripts.
package struct FieldTemplate: Sendable, Hashable {
    /// What we know about a message; every other name is a setting of the account.
    package enum Fact: String, Sendable, CaseIterable { case to, text, ttl, reference, attempt }

    package enum Filter: String, Sendable, CaseIterable {
        /// Only the digits: `79001234567`.
        case digits
        /// Only the digits after a `+`.
        case e164
        /// Only the digits, and without quotes in JSON.
        case int
        /// How long the message is still worth delivering: `90`, `5400`, `01:30`. Never less than a minute.
        case minutes, seconds, hhmm
        /// `0` when the text fits the alphabet of GSM-7, otherwise `2`.
        case coding
    }

    enum Piece: Sendable, Hashable {
        case literal(String)
        case value(name: String, Filter?)
    }

    let pieces: [Piece]

    /// - Parameter settings: names that may stand in it besides the facts.
    package init(_ text: String, settings: [String]) throws(DescriptionError) {
        var pieces: [Piece] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let literal = rest.prefix { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}") }
            if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
            rest = rest[literal.endIndex...]
            guard let brace = rest.first else { break }
            guard brace == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
                throw DescriptionError(ru: "непарная скобка { }", en: "a { without its }")
            }
            let inside = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
            pieces.append(try Self.value(inside, settings: settings))
            rest = rest[(end + 1)...]
        }
        self.pieces = pieces
    }

    private static func value(_ inside: String, settings: [String]) throws(DescriptionError) -> Piece {
        let halves = inside.utf8.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false).map {
            String($0) ?? ""
        }
        let known = Fact.allCases.map(\.rawValue) + settings
        guard let name = halves.first, known.contains(name) else {
            throw .unknown(halves.first ?? "", among: known)
        }
        guard halves.count == 2 else {
            guard halves.count == 1 else {
                throw DescriptionError(ru: "один фильтр на поле", en: "one filter for a field")
            }
            if name == Fact.ttl.rawValue {
                throw DescriptionError(
                    ru: "у ttl нужен фильтр: minutes, seconds, hhmm", en: "ttl needs a filter: minutes, seconds, hhmm")
            }
            return .value(name: name, nil)
        }
        guard let filter = Filter(rawValue: halves[1]) else {
            throw .unknown(halves[1], among: Filter.allCases.map(\.rawValue))
        }
        guard fits(filter, name) else {
            throw DescriptionError(ru: "фильтр \(filter) не для \(name)", en: "the filter \(filter) is not for \(name)")
        }
        return .value(name: name, filter)
    }

    private static func fits(_ filter: Filter, _ name: String) -> Bool {
        switch filter {
        case .minutes, .seconds, .hhmm: name == Fact.ttl.rawValue
        case .coding: name == Fact.text.rawValue
        case .digits, .e164, .int: name != Fact.ttl.rawValue
        }
    }

    /// The names that stand in it.
    var names: [String] {
        pieces.compactMap { if case .value(let name, _) = $0 { name } else { nil } }
    }

    package var namesMessage: Bool { names.contains(Fact.reference.rawValue) }

    /// Only what a question about a message knows: neither its text nor its life.
    package var fitsQuestion: Bool { !names.contains(Fact.text.rawValue) && !names.contains(Fact.ttl.rawValue) }

    /// The raw text of a message stands in it: allowed in a body and a parameter, not in a header.
    package var holdsText: Bool {
        pieces.contains { if case .value(Fact.text.rawValue, nil) = $0 { true } else { false } }
    }
}
