/// HTML in the making. A literal stands as written; every interpolated text is escaped, byte by byte; only another
/// `HTML` goes in unescaped. There is no way to forget it.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    private(set) var bytes: [UInt8]

    init(stringLiteral: String) { bytes = Array(stringLiteral.utf8) }
    init(stringInterpolation: StringInterpolation) { bytes = stringInterpolation.bytes }
    init(_ parts: some Sequence<HTML>) { bytes = parts.flatMap(\.bytes) }

    static func += (left: inout HTML, right: HTML) { left.bytes += right.bytes }

    struct StringInterpolation: StringInterpolationProtocol {
        var bytes: [UInt8] = []
        init(literalCapacity: Int, interpolationCount: Int) { bytes.reserveCapacity(literalCapacity * 2) }
        mutating func appendLiteral(_ literal: String) { bytes += literal.utf8 }
        mutating func appendInterpolation(_ text: String) { HTML.escape(text.utf8, into: &bytes) }
        mutating func appendInterpolation(_ text: Substring) { HTML.escape(text.utf8, into: &bytes) }
        mutating func appendInterpolation(_ number: Int) { bytes += String(number).utf8 }
        mutating func appendInterpolation(_ html: HTML) { bytes += html.bytes }
        mutating func appendInterpolation(_ html: HTML?) { bytes += html?.bytes ?? [] }
    }

    /// Good in text and inside quoted attributes.
    static func escape(_ text: some Sequence<UInt8>, into bytes: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case UInt8(ascii: "'"): bytes += "&#39;".utf8
            // Other control bytes are not allowed in HTML at all.
            case 0...8, 11, 12, 14...31, 127: bytes += "\u{FFFD}".utf8
            default: bytes.append(byte)
            }
        }
    }
}
