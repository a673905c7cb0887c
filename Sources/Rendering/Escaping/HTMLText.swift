/// Between tags of a mail or a page. By bytes: in front of a combining mark `<` is still `<`.
enum HTMLText {
    static func write(_ clean: Bytes, into output: inout [UInt8]) {
        Entities.write(clean, into: &output) { byte in
            switch byte {
            case UInt8(ascii: "&"): "&amp;"
            case UInt8(ascii: "<"): "&lt;"
            case UInt8(ascii: ">"): "&gt;"
            case UInt8(ascii: "\""): "&quot;"
            case UInt8(ascii: "'"): "&#39;"
            default: nil
            }
        }
    }
}
