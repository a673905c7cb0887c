/// The HTML subset of messengers (b, i, u, s, a, code, blockquote). Telegram knows only these four named entities:
/// https://core.telegram.org/bots/api#html-style
enum MessengerHTML {
    static func escape(_ value: String, into output: inout [UInt8]) {
        for byte in CleanText.bytes(of: value) {
            switch byte {
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            case UInt8(ascii: "\""): output += "&quot;".utf8
            default: output.append(byte)
            }
        }
    }
}
