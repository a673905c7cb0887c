/// A phone for people and for `tel:`. Wider than an SMS address: `112` and a free `8 800` number are phones too.
struct PhoneText: Sendable, Hashable {
    let digits: [UInt8]
    let plus: Bool
    /// As its owner wrote it, where the owner grouped the digits: codes have 3 to 5 of them, and only the owner knows.
    private let grouped: String?

    /// Three digits are a phone only where all of Russia knows them.
    private static let shortNumbers: Set = ["101", "102", "103", "104", "112", "115", "122"]

    /// 4…15 ASCII digits with the usual spaces, dashes and brackets, or a short number; nil for anything else.
    init?(_ text: String) {
        var digits: [UInt8] = []
        var plus = false
        var groups = 0
        var inGroup = false
        var hasBrackets = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.append(byte)
                if !inGroup { groups += 1 }
                inGroup = true
            case UInt8(ascii: "+") where digits.isEmpty && !plus: plus = true
            case UInt8(ascii: "("), UInt8(ascii: ")"):
                hasBrackets = true
                inGroup = false
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."): inGroup = false
            default: return nil
            }
        }
        let isShort = Self.shortNumbers.contains(String(decoding: digits, as: UTF8.self))
        guard (4...15).contains(digits.count) || isShort else { return nil }
        self.digits = digits
        self.plus = plus
        // `+7 9123456789` parts the country off and groups nothing.
        let isGrouped = hasBrackets || groups > 2 || (groups == 2 && digits.count < 10)
        grouped = isGrouped ? text.split(separator: " ").joined(separator: " ") : nil
    }

    /// Eleven digits of the Russian numbering plan, written with 8 or +7.
    private var isRussian: Bool {
        digits.count == 11 && (digits[0] == UInt8(ascii: "7") || (digits[0] == UInt8(ascii: "8") && !plus))
    }

    /// `+78001234567`; short numbers stay short.
    var dialled: String {
        if isRussian { return "+7" + String(decoding: digits[1...], as: UTF8.self) }
        return (plus ? "+" : "") + String(decoding: digits, as: UTF8.self)
    }

    /// Geographic codes of three digits; most towns that are no capitals of large regions have longer ones.
    private static let shortCodes: Set = [
        "301", "342", "343", "345", "347", "351", "383", "391", "395", "401", "421", "423", "473", "495", "496", "498",
        "499", "800", "812", "831", "843", "846", "861", "862", "863",
    ]

    /// As its owner grouped it. Bare digits: `8 800 123-45-67`, as people say a free number; `+7 912 345-67-89`;
    /// `+7 4912 10-20-30`; others as they are.
    func written(_ style: Style) -> String {
        let space = style == .typographic ? "\u{A0}" : " "
        if let grouped { return grouped.split(separator: " ").joined(separator: space) }
        guard isRussian else { return dialled }
        func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
        let country = part(1..<4) == "800" ? "8" : "+7"
        let hasShortCode = digits[1] == UInt8(ascii: "9") || Self.shortCodes.contains(part(1..<4))
        return hasShortCode
            ? country + space + part(1..<4) + space + part(4..<7) + "-" + part(7..<9) + "-" + part(9..<11)
            : country + space + part(1..<5) + space + part(5..<7) + "-" + part(7..<9) + "-" + part(9..<11)
    }
}
