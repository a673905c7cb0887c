/// The HTML subset of messengers (b, i, u, s, a, code, blockquote). Telegram knows only these four named entities:
/// https://core.telegram.org/bots/api#html-style
enum MessengerHTML {
    static func write(_ clean: Bytes, into output: inout [UInt8]) {
        Entities.write(clean, into: &output) { byte in
            switch byte {
            case UInt8(ascii: "&"): "&amp;"
            case UInt8(ascii: "<"): "&lt;"
            case UInt8(ascii: ">"): "&gt;"
            case UInt8(ascii: "\""): "&quot;"
            default: nil
            }
        }
    }
}
