import Delivery

/// Where in a reply a value stands: `http`, `text`, `code`, `header.retry-after`, `body.a.b`, `each.x`. A number is an
/// index into a list, `*` any member.
package struct ReplyPath: Sendable, Hashable {
    enum Root: String, Sendable, CaseIterable { case http, text, code, header, body, each }

    let root: Root
    let steps: [String]

    package init(_ text: String) throws(DescriptionError) {
        let words = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map {
            String($0) ?? ""
        }
        guard let first = words.first, let root = Root(rawValue: first) else {
            throw .unknown(words.first ?? "", among: Root.allCases.map(\.rawValue))
        }
        let steps = Array(words.dropFirst())
        let depth: ClosedRange<Int> =
            switch root {
            case .http, .text, .code: 0...0
            case .header: 1...1
            case .body, .each: 1...8
            }
        guard depth.contains(steps.count), !steps.contains("") else {
            throw DescriptionError(ru: "путь «\(text)» не той длины", en: "the path \"\(text)\" has a wrong length")
        }
        self.root = root
        self.steps = steps
    }
}

/// One reply as rules see it. `each` is the item of our recipient where a reply lists recipients.
struct ReplyView {
    let response: HTTPResponse
    let body: JSONValue?
    var each: JSONValue?
    var code: String?
    var status: Int { response.status }

    init(_ response: HTTPResponse, _ format: DeclaredDescription.Reply.Format) {
        self.response = response
        body = format == .json ? JSONReader.read(response.body) : nil
    }

    func first(_ path: ReplyPath) -> JSONValue? {
        switch path.root {
        case .http: .number("\(status)")
        case .text: .text(String(decoding: response.body, as: UTF8.self))
        case .code: code.map { .text($0) }
        case .header: path.steps.first.flatMap { response.header($0) }.map { .text($0) }
        case .body: body.flatMap { Self.find(path.steps[...], in: $0) }
        case .each: each.flatMap { Self.find(path.steps[...], in: $0) }
        }
    }

    /// The first value under the path that is not null.
    private static func find(_ steps: ArraySlice<String>, in value: JSONValue) -> JSONValue? {
        guard let step = steps.first else { return value.isNull ? nil : value }
        let rest = steps.dropFirst()
        switch value {
        case .object(let members):
            if step == "*" { return members.lazy.compactMap { find(rest, in: $0.value) }.first }
            return value[step].flatMap { find(rest, in: $0) }
        case .list(let items):
            if step == "*" { return items.lazy.compactMap { find(rest, in: $0) }.first }
            return Int(step).flatMap { items.indices.contains($0) ? find(rest, in: items[$0]) : nil }
        case .null, .bool, .number, .text: return nil
        }
    }
}
