/// A phone for people and for `tel:`. Wider than an SMS address: `112` and a free `8 800` number are phones too.
struct PhoneText: Sendable, Hashable {
    let digits: [UInt8]
    let plus: Bool

    /// 3…15 ASCII digits with the usual spaces, dashes and brackets; nil for anything else.
    init?(_ text: String) {
        var digits: [UInt8] = []
        var plus = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte)
            case UInt8(ascii: "+") where digits.isEmpty && !plus: plus = true
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "."): continue
            default: return nil
            }
        }
        guard (3...15).contains(digits.count) else { return nil }
        self.digits = digits
        self.plus = plus
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

    /// `8 800 123-45-67`, as people say a free number; `+7 912 345-67-89`; others as they are.
    func written(_ style: Style) -> String {
        guard isRussian else { return dialled }
        let space = style == .typographic ? "\u{A0}" : " "
        func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
        let free = part(1..<4) == "800"
        return (free ? "8" : "+7") + space + part(1..<4) + space + part(4..<7) + "-" + part(7..<9) + "-" + part(9..<11)
    }
}
