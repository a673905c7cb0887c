/// Named and numeric characters of HTML. Messengers know four names at most, so the others become the characters
/// themselves.
enum HTMLEntity {
    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "laquo": "«", "raquo": "»",
        "mdash": "—", "ndash": "–", "hellip": "…", "minus": "−", "times": "×", "deg": "°", "sect": "§",
    ]

    /// The character that begins at `at` with `&`, and where the text goes on; nil when the `&` is just a character.
    static func read(_ bytes: [UInt8], _ at: Int) -> (Unicode.Scalar, Int)? {
        guard let semicolon = bytes[at...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = bytes[(at + 1)..<semicolon]
        if let scalar = named[String(decoding: name, as: UTF8.self)] { return (scalar, semicolon + 1) }
        guard name.first == UInt8(ascii: "#") else { return nil }
        let hex = name.dropFirst().first.map { $0.lowered == UInt8(ascii: "x") } ?? false
        let digits = String(decoding: name.dropFirst(hex ? 2 : 1), as: UTF8.self)
        guard let value = UInt32(digits, radix: hex ? 16 : 10), let scalar = Unicode.Scalar(value) else { return nil }
        return (scalar, semicolon + 1)
    }

    static func decode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "&"), let (scalar, end) = read(bytes, at) {
                text += String(scalar).utf8
                at = end
            } else {
                text.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
