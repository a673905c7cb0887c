import Domain

/// The header lines of a request as libcurl takes them: `Name: value`, and a NUL after each. Checked on bytes as they come
/// in ("\r\n" is one Character in Swift and hides from a comparison with "\n"): a line that would end early never gets
/// into it. That something was refused is remembered, and a request with such a fault is not sent.
package struct HTTPHeaders: Sendable, Hashable {
    private(set) var lines: [UInt8] = []
    package private(set) var count = 0
    /// What was refused. The value is not quoted: it may be a secret.
    private(set) var fault: String?
    /// Headers that libcurl or we would add otherwise.
    private(set) var own = HTTPHeaderName.Own()

    package init() {}

    package init(_ headers: [HTTPRequest.Header]) { for header in headers { append(header) } }

    package mutating func append(_ header: HTTPRequest.Header) {
        guard let name = HTTPHeaderName(header.name) else {
            return refuse("a header of the request has a forbidden name")
        }
        append(name) { value in
            value.append(contentsOf: header.value.utf8)
            return true
        }
    }

    /// - Parameter write: appends the value; when it says false, the header is left out.
    package mutating func append(_ name: HTTPHeaderName, value write: (inout [UInt8]) -> Bool) {
        let line = lines.count
        lines.append(contentsOf: name.opening)
        let value = lines.count
        let complete = write(&lines)
        guard complete, isOneLine(from: value) else {
            lines.removeSubrange(line...)
            return complete ? refuse("the header \(name.text) holds a control character") : ()
        }
        if isBlank(from: value) {
            // `Name;` is libcurl's way of writing a header without a value.
            lines.removeSubrange((value - 2)...)
            lines.append(UInt8(ascii: ";"))
        }
        lines.append(0)
        count += 1
        own.formUnion(name.own)
    }

    package mutating func append(contentsOf others: HTTPHeaders) {
        lines.append(contentsOf: others.lines)
        count += others.count
        own.formUnion(others.own)
        if let fault = others.fault { refuse(fault) }
    }

    package mutating func reserve(_ bytes: Int) { lines.reserveCapacity(bytes) }

    /// - Throws: `misconfigured` when something was refused.
    func check() throws(DeliveryFailure) {
        if let fault { throw DeliveryFailure(.misconfigured, detail: fault) }
    }

    private mutating func refuse(_ why: String) { fault = fault ?? why }

    private func isOneLine(from start: Int) -> Bool {
        for place in start..<lines.count {
            let byte = lines[place]
            guard byte == 0x09 || (byte >= 0x20 && byte != 0x7F) else { return false }
        }
        return true
    }

    private func isBlank(from start: Int) -> Bool {
        for place in start..<lines.count where lines[place] != 0x20 && lines[place] != 0x09 { return false }
        return true
    }
}

/// The name of a header that is ours to write.
package struct HTTPHeaderName: Sendable, Hashable {
    struct Own: OptionSet, Sendable, Hashable {
        let rawValue: UInt8
        static let contentType = Own(rawValue: 1)
        static let userAgent = Own(rawValue: 2)
    }

    package let text: String
    /// `Name: `
    let opening: [UInt8]
    let own: Own

    /// Nil for what is no token, and for the headers by which libcurl says how long the request is.
    package init?(_ text: String) {
        let name = text.lowercased()
        guard !text.utf8.isEmpty, text.utf8.allSatisfy(Self.token.contains), !Self.ours.contains(name) else {
            return nil
        }
        self.text = text
        opening = Array(text.utf8) + [UInt8(ascii: ":"), UInt8(ascii: " ")]
        own = name == "content-type" ? .contentType : name == "user-agent" ? .userAgent : []
    }

    /// libcurl counts the body and chooses these itself; a second opinion is request smuggling.
    private static let ours: Set<String> = ["content-length", "transfer-encoding", "expect", "connection"]
    private static let token = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
}

/// As names and values, for whoever looks at a request: tests and people.
extension HTTPHeaders: Sequence, ExpressibleByArrayLiteral {
    package init(arrayLiteral headers: HTTPRequest.Header...) { self.init(headers) }

    package func makeIterator() -> IndexingIterator<[HTTPRequest.Header]> {
        lines.split(separator: 0).map { line in
            let end = line.firstIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ";") } ?? line.endIndex
            return HTTPRequest.Header(
                String(decoding: line[..<end], as: UTF8.self),
                String(decoding: line[end...].dropFirst(2), as: UTF8.self))
        }.makeIterator()
    }
}
