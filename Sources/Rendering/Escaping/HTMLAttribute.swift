/// Inside a quoted attribute. Unquoted ones never hold a value: the compiler refuses them.
enum HTMLAttribute {
    static func escape(_ value: String, into output: inout [UInt8]) {
        for byte in CleanText.bytes(of: value) {
            switch byte {
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            case UInt8(ascii: "\""): output += "&quot;".utf8
            case UInt8(ascii: "'"): output += "&#39;".utf8
            // Old mail programs took it for a quote.
            case UInt8(ascii: "`"): output += "&#96;".utf8
            default: output.append(byte)
            }
        }
    }
}
