/// Inside a quoted attribute. Unquoted ones never hold a value: the compiler refuses them.
enum HTMLAttribute {
    static func write(_ clean: Bytes, into output: inout [UInt8]) {
        Entities.write(clean, into: &output) { byte in
            switch byte {
            case UInt8(ascii: "&"): "&amp;"
            case UInt8(ascii: "<"): "&lt;"
            case UInt8(ascii: ">"): "&gt;"
            case UInt8(ascii: "\""): "&quot;"
            case UInt8(ascii: "'"): "&#39;"
            // Old mail programs took it for a quote.
            case UInt8(ascii: "`"): "&#96;"
            default: nil
            }
        }
    }
}
