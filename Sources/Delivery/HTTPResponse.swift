/// A complete reply: status line, headers and the whole body (at most 64 KiB) were read.
package struct HTTPResponse: Sendable, Hashable {
    package var status: Int
    /// The header lines as they came. Few replies are asked for one, so nothing is made of them beforehand.
    private let head: [UInt8]
    package var body: [UInt8]

    /// - Parameter head: lines, each with its end.
    init(_ status: Int, head: [UInt8], body: [UInt8]) {
        self.status = status
        self.head = head
        self.body = body
    }

    package init(_ status: Int, headers: [HTTPRequest.Header] = [], body: [UInt8]) {
        self.init(status, head: Array(headers.map { $0.name + ": " + $0.value + "\r\n" }.joined().utf8), body: body)
    }

    /// Names in lower case.
    package var headers: [HTTPRequest.Header] { head.split(separator: 0x0A).compactMap { Self.header(in: $0) } }

    /// The first header of this name.
    /// - Parameter name: in lower case.
    package func header(_ name: String) -> String? {
        let lines = head.split(separator: 0x0A).lazy.filter { $0.count > name.utf8.count }
        return lines.compactMap { Self.header(in: $0) }.first { $0.name == name }?.value
    }

    private static func header(in line: ArraySlice<UInt8>) -> HTTPRequest.Header? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
        let end = value.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? value.startIndex
        return HTTPRequest.Header(
            String(decoding: line[..<colon], as: UTF8.self).lowercased(),
            String(decoding: value[value.startIndex..<end], as: UTF8.self))
    }
}
