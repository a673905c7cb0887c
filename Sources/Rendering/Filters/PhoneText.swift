/// A phone for people and for `tel:`. Wider than an SMS address: `112` and a free `8 800` number are phones too.
struct PhoneText {
    /// Its digits as a number, and how many they are: zeros may lead.
    private let number: UInt64
    private let count: Int
    private let plus: Bool
    /// Its owner grouped the digits: codes have 3 to 5 of them, and only the owner knows.
    private let isGrouped: Bool

    /// 4…15 ASCII digits with the usual spaces, dashes and brackets, or a short number; nil for anything else.
    init?(_ text: Bytes) {
        var number: UInt64 = 0
        var count = 0
        var plus = false
        var groups = 0
        var inGroup = false
        var hasBrackets = false
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                count += 1
                guard count <= 15 else { return nil }
                number = number * 10 + UInt64(byte - 0x30)
                if !inGroup { groups += 1 }
                inGroup = true
            case UInt8(ascii: "+") where count == 0 && !plus: plus = true
            case UInt8(ascii: "("), UInt8(ascii: ")"):
                hasBrackets = true
                inGroup = false
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."): inGroup = false
            default: return nil
            }
        }
        guard count >= 4 || (count == 3 && Self.isShortNumber(number)) else { return nil }
        self.number = number
        self.count = count
        self.plus = plus
        // `+7 9123456789` parts the country off and groups nothing.
        isGrouped = hasBrackets || groups > 2 || (groups == 2 && count < 10)
    }

    init?(_ text: String) {
        guard let phone = text.withBytes({ PhoneText($0) }) else { return nil }
        self = phone
    }

    /// Three digits are a phone only where all of Russia knows them.
    private static func isShortNumber(_ number: UInt64) -> Bool {
        switch number {
        case 101, 102, 103, 104, 112, 115, 122: true
        default: false
        }
    }

    /// The ten digits behind the country's of a number of the Russian plan, written with 8 or +7.
    private var national: UInt64? {
        guard count == 11 else { return nil }
        let country = number / 10_000_000_000
        return country == 7 || (country == 8 && !plus) ? number % 10_000_000_000 : nil
    }

    /// `+78001234567`; short numbers stay short.
    func writeDialled(into output: inout [UInt8]) {
        if let national {
            output.append("+7")
            return Digits.write(national, width: 10, into: &output)
        }
        if plus { output.append(UInt8(ascii: "+")) }
        Digits.write(number, width: count, into: &output)
    }

    /// Geographic codes of three digits; most towns that are no capitals of large regions have longer ones.
    private static func isShortCode(_ code: UInt64) -> Bool {
        switch code {
        case 301, 342, 343, 345, 347, 351, 383, 391, 395, 401, 421, 423, 473, 495, 496, 498, 499, 800, 812, 831, 843,
            846, 861, 862, 863, 900...999:
            true
        default: false
        }
    }

    /// As its owner grouped it in `text`, from which it was read. Bare digits: `8 800 123-45-67`, as people say a free
    /// number; `+7 912 345-67-89`; `+7 4912 10-20-30`; others as they are.
    func write(_ style: Style, of text: Bytes, into output: inout [UInt8]) {
        if isGrouped { return Self.writeGrouped(text, style, into: &output) }
        guard let national else { return writeDialled(into: &output) }
        let code = national / 10_000_000
        output.append(code == 800 ? "8" : "+7")
        output.append(style.space)
        if Self.isShortCode(code) {
            Digits.write(code, width: 3, into: &output)
            output.append(style.space)
            Digits.write(national / 10_000, width: 3, into: &output)
        } else {
            Digits.write(national / 1_000_000, width: 4, into: &output)
            output.append(style.space)
            Digits.write(national / 10_000, width: 2, into: &output)
        }
        output.append(UInt8(ascii: "-"))
        Digits.write(national / 100, width: 2, into: &output)
        output.append(UInt8(ascii: "-"))
        Digits.write(national, width: 2, into: &output)
    }

    /// Runs of spaces become one, none at the ends.
    private static func writeGrouped(_ text: Bytes, _ style: Style, into output: inout [UInt8]) {
        var isFirst = true
        var inWord = false
        for byte in text {
            if byte == 0x20 {
                inWord = false
                continue
            }
            if !inWord, !isFirst { output.append(style.space) }
            isFirst = false
            inWord = true
            output.append(byte)
        }
    }
}
