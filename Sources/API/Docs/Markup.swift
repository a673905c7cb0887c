/// HTML in the making: a literal stands as written, every interpolated text is escaped byte by byte, and only other
/// `Markup` goes in as it is.
struct Markup: ExpressibleByStringInterpolation, Sendable {
    private(set) var bytes: [UInt8]

    init(stringLiteral: String) { bytes = Array(stringLiteral.utf8) }
    init(stringInterpolation: StringInterpolation) { bytes = stringInterpolation.bytes }
    init(_ parts: some Sequence<Markup>) { bytes = parts.flatMap(\.bytes) }

    struct StringInterpolation: StringInterpolationProtocol {
        var bytes: [UInt8] = []
        init(literalCapacity: Int, interpolationCount: Int) { bytes.reserveCapacity(literalCapacity * 2) }
        mutating func appendLiteral(_ literal: String) { bytes += literal.utf8 }
        mutating func appendInterpolation(_ text: String) { Markup.escape(text, into: &bytes) }
        mutating func appendInterpolation(_ number: Int) { bytes += String(number).utf8 }
        mutating func appendInterpolation(_ markup: Markup) { bytes += markup.bytes }
    }

    /// Good in text and inside quoted attributes.
    private static func escape(_ text: String, into bytes: inout [UInt8]) {
        for byte in text.utf8 {
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
