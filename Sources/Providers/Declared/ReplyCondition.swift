import Delivery
import Domain

/// `body.error_code in 1,5..7 and text has 'black-lists'`: tests joined by `and`. A test is a path and one of
/// `exists` | `in LIST` (words, 'quoted text', ranges a..b) | `has TEXT` (any case) | `starts TEXT`.
struct ReplyCondition: Sendable, Hashable {
    enum Item: Sendable, Hashable {
        case word(String)
        case range(ClosedRange<Int>)
    }
    enum Operator: Sendable, Hashable {
        case exists
        case isIn([Item])
        case has(String)
        case starts(String)
    }
    struct Test: Sendable, Hashable {
        let path: ReplyPath
        let test: Operator
        /// The text after `has` in lower case, or after `starts`.
        fileprivate let needle: [UInt8]
        /// The numbers after `in`; a word that is none stands for no status.
        fileprivate let numbers: [ClosedRange<Int>]

        init(path: ReplyPath, test: Operator) {
            self.path = path
            self.test = test
            switch test {
            case .exists: (needle, numbers) = ([], [])
            case .isIn(let items): (needle, numbers) = ([], items.compactMap(\.numbers))
            case .has(let text): (needle, numbers) = (text.utf8.map(\.lowered), [])
            case .starts(let text): (needle, numbers) = (Array(text.utf8), [])
            }
        }
    }

    let tests: [Test]

    init(_ text: String) throws(DescriptionError) {
        var tests: [Test] = []
        var tokens = try Self.tokens(text)[...]
        while true {
            tests.append(try Self.test(&tokens))
            guard let joint = tokens.popFirst() else { break }
            guard joint == .init(text: "and", quoted: false) else { throw .unknown(joint.text, among: ["and"]) }
        }
        self.tests = tests
    }

    func holds(in view: ReplyView) -> Bool { tests.allSatisfy { $0.holds(in: view) } }

    private struct Token: Equatable {
        var text: String
        var quoted: Bool
    }

    private static func tokens(_ text: String) throws(DescriptionError) -> [Token] {
        var tokens: [Token] = []
        var rest = Array(text.utf8)[...]
        let isEnd: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "'") }
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: " "): rest.removeFirst()
            case UInt8(ascii: ","):
                tokens.append(Token(text: ",", quoted: false))
                rest.removeFirst()
            case UInt8(ascii: "'"):
                rest.removeFirst()
                guard let end = rest.firstIndex(of: UInt8(ascii: "'")) else {
                    throw DescriptionError(ru: "кавычка ' не закрыта", en: "a quote ' is not closed")
                }
                tokens.append(Token(text: String(decoding: rest[..<end], as: UTF8.self), quoted: true))
                rest = rest[(end + 1)...]
            default:
                let word = rest.prefix { !isEnd($0) }
                tokens.append(Token(text: String(decoding: word, as: UTF8.self), quoted: false))
                rest = rest[word.endIndex...]
            }
        }
        return tokens
    }

    private static func test(_ tokens: inout ArraySlice<Token>) throws(DescriptionError) -> Test {
        guard let name = tokens.popFirst(), !name.quoted else {
            throw DescriptionError(ru: "здесь нужно условие", en: "a test is needed here")
        }
        let path = try ReplyPath(name.text)
        guard let word = tokens.popFirst(), !word.quoted else {
            throw DescriptionError(ru: "после \(name.text) нужна проверка", en: "a test is needed after \(name.text)")
        }
        switch word.text {
        case "exists": return Test(path: path, test: .exists)
        case "in": return Test(path: path, test: .isIn(try list(&tokens)))
        case "has": return Test(path: path, test: .has(try argument(&tokens)))
        case "starts": return Test(path: path, test: .starts(try argument(&tokens)))
        default: throw .unknown(word.text, among: ["exists", "in", "has", "starts"])
        }
    }

    private static func argument(_ tokens: inout ArraySlice<Token>) throws(DescriptionError) -> String {
        guard let token = tokens.popFirst(), token.quoted, !token.text.utf8.isEmpty else {
            throw DescriptionError(ru: "нужен текст в кавычках '…'", en: "a text in quotes '…' is needed")
        }
        return token.text
    }

    private static func list(_ tokens: inout ArraySlice<Token>) throws(DescriptionError) -> [Item] {
        var items: [Item] = []
        repeat {
            guard let token = tokens.popFirst(), token.quoted || token.text != "," else {
                throw DescriptionError(ru: "в списке чего-то не хватает", en: "something is missing in the list")
            }
            items.append(token.quoted ? .word(token.text) : try item(token.text))
        } while tokens.first == Token(text: ",", quoted: false) && tokens.popFirst() != nil
        return items
    }

    private static func item(_ word: String) throws(DescriptionError) -> Item {
        let bytes = Array(word.utf8)
        let dots = [UInt8(ascii: "."), UInt8(ascii: ".")]
        guard let at = bytes.indices.first(where: { bytes[$0...].starts(with: dots) }) else { return .word(word) }
        let from = Int(String(decoding: bytes[..<at], as: UTF8.self))
        let to = Int(String(decoding: bytes[(at + 2)...], as: UTF8.self))
        guard let from, let to, from <= to else {
            throw DescriptionError(ru: "промежуток пишется 100..103", en: "a range is written 100..103")
        }
        return .range(from...to)
    }
}

extension ReplyCondition.Test {
    func holds(in view: ReplyView) -> Bool {
        switch (path.root, test) {
        // The two that every reply is asked about are answered from its bytes.
        case (.http, .isIn): numbers.contains { $0.contains(view.status) }
        case (.text, .has), (.text, .starts): isFound(in: view.response.body)
        default: view.first(path).map(holds) ?? false
        }
    }

    private func holds(_ value: JSONValue) -> Bool {
        switch test {
        case .exists: true
        case .isIn(let items): value.written.map { written in items.contains { $0.matches(written) } } ?? false
        case .has, .starts: value.written.map { isFound(in: Array($0.utf8)) } ?? false
        }
    }

    private func isFound(in bytes: [UInt8]) -> Bool {
        if case .has = test { bytes.holds(lowered: needle) } else { bytes.starts(with: needle) }
    }
}

extension ReplyCondition.Item {
    func matches(_ written: String) -> Bool {
        switch self {
        case .word(let word): word.sameBytes(as: written)
        case .range(let range): Int(written).map(range.contains) ?? false
        }
    }

    /// A word counts as a number when it is written as we write numbers.
    fileprivate var numbers: ClosedRange<Int>? {
        switch self {
        case .range(let range): range
        case .word(let word): Int(word).flatMap { "\($0)".sameBytes(as: word) ? $0...$0 : nil }
        }
    }
}
