package import Domain
import FoundationEssentials
package import Intake
package import Policy

/// One request that has passed the guard: everything a handler may know of it.
package struct Call: Sendable {
    package let parameters: [String: String]
    package let query: Query
    package let headers: Headers
    /// Empty where the route reads none.
    package let body: [UInt8]
    /// For routes that read it as it comes; nil for all others.
    package let stream: BodyStream?
    /// Nil on open routes only.
    package let caller: Caller?
    package let now: Moment
    package let language: Language
    package let requestID: String

    package init(
        parameters: [String: String] = [:], query: Query = Query(), headers: Headers = Headers(), body: [UInt8] = [],
        stream: BodyStream? = nil, caller: Caller?, now: Moment, language: Language, requestID: String
    ) {
        self.parameters = parameters
        self.query = query
        self.headers = headers
        self.body = body
        self.stream = stream
        self.caller = caller
        self.now = now
        self.language = language
        self.requestID = requestID
    }

    /// Whose data may be read and written.
    /// - Throws: `unauthorized`; a route with a guard always has a caller.
    package func client() throws(Problem) -> Caller {
        guard let caller else { throw Problem.unauthorized }
        return caller
    }

    /// The body as JSON; `null` where there is none.
    package func json() throws(Problem) -> JSON { body.isEmpty ? .null : try JSON(strict: body) }
}

/// The few headers that mean something here, by their lower-case names.
package struct Headers: Sendable, Hashable {
    private var values: [String: String]
    package init(_ values: [String: String] = [:]) { self.values = values }
    package subscript(_ name: String) -> String? { values[name] }
}

/// The parameters behind `?`, each at most once, known names only.
package struct Query: Sendable, Hashable {
    private var values: [String: String] = [:]
    package init() {}

    /// - Throws: `unknown_field` with the nearest name, `invalid_value` for a repeated or unreadable one.
    package init(_ text: Substring.UTF8View, known: [String]) throws(Problem) {
        for pair in text.split(separator: UInt8(ascii: "&")) {
            let halves = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decode(halves[0], plusIsSpace: true),
                let value = halves.count == 2 ? PercentCoding.decode(halves[1], plusIsSpace: true) : ""
            else {
                throw Problem(
                    .invalidValue, status: 400,
                    Words(ru: "параметры после ? не читаются", en: "the query cannot be read"))
            }
            guard known.contains(where: { $0.sameBytes(as: name) }) else { throw .unknownParameter(name, known) }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .parameter(name, Words(ru: "параметр повторяется", en: "the parameter is repeated"))
            }
        }
    }

    package subscript(_ name: String) -> String? { values[name] }

    /// 1…250, 50 where nothing was said.
    package func limit() throws(Problem) -> Int {
        guard let text = self["limit"] else { return 50 }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let limit = Int(text), (1...250).contains(limit)
        else {
            throw .parameter("limit", Words(ru: "нужно число от 1 до 250", en: "a number from 1 to 250 is needed"))
        }
        return limit
    }

    package func flag(_ name: String) throws(Problem) -> Bool {
        switch self[name] {
        case nil, "false"?: false
        case "true"?: true
        case .some: throw .parameter(name, Words(ru: "нужно true или false", en: "true or false is needed"))
        }
    }

    /// A closed word; nil where nothing was said.
    package func word<Value>(
        _ name: String, _ read: (String) -> Value?, known: [String]
    ) throws(Problem) -> Value? {
        guard let text = self[name] else { return nil }
        if let value = read(text) { return value }
        let near = nearestName(to: text, among: known)
        let all = known.joined(separator: ", ")
        throw .parameter(
            name,
            Words(
                ru: near.map { "такого значения нет; может быть, \($0)?" } ?? "такого значения нет; есть: \(all)",
                en: near.map { "no such value; did you mean \($0)?" } ?? "no such value; known: \(all)"))
    }
}

extension Problem {
    /// - Parameter name: of a query parameter; it stands in the pointer as `?name`.
    package static func parameter(_ name: String, _ words: Words) -> Problem {
        Problem(.invalidValue, status: 400, words, errors: [.init("?" + name, .invalidValue, words)])
    }

    static func unknownParameter(_ name: String, _ known: [String]) -> Problem {
        let near = nearestName(to: name, among: known)
        let all = known.isEmpty ? "—" : known.joined(separator: ", ")
        let words = Words(
            ru: "такого параметра нет" + (near.map { "; может быть, \($0)?" } ?? "; есть: \(all)"),
            en: "there is no such parameter" + (near.map { "; did you mean \($0)?" } ?? "; known: \(all)"))
        return Problem(.unknownField, words, errors: [.init("?", .unknownField, words)])
    }

    package static let unauthorized = Problem(
        .unauthorized,
        Words(
            ru: "нужен действующий ключ в заголовке Authorization: Bearer vk_…; ключи выдаёт vestnik keys create",
            en: "a valid key is needed in the header Authorization: Bearer vk_…; vestnik keys create makes one"))
}
