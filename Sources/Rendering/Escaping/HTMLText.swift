/// Between tags of a mail or a page. By bytes: in front of a combining mark `<` is still `<`.
enum HTMLText {
    static func escape(_ value: String, into output: inout [UInt8]) {
        for byte in CleanText.bytes(of: value) {
            switch byte {
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            case UInt8(ascii: "\""): output += "&quot;".utf8
            case UInt8(ascii: "'"): output += "&#39;".utf8
            default: output.append(byte)
            }
        }
    }
}
