/// Russian and Kazakh writing habits → E.164: `8 (912) 345-67-89`, `7912…`, `+7 912 …`, `912…` → `+7912…`.
enum PhoneNumber {
    static func normalise(_ text: String) throws(AddressError) -> String {
        var digits: [UInt8] = []
        var plus = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte)
            case UInt8(ascii: "+") where digits.isEmpty && !plus: plus = true
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "."): continue
            // Arabic and full-width digits, letters, control bytes: nothing is guessed.
            default: throw .forbiddenCharacter
            }
        }
        if !plus, digits.count == 11, digits[0] == UInt8(ascii: "8") { digits[0] = UInt8(ascii: "7") }
        if !plus, digits.count == 10, digits[0] == UInt8(ascii: "9") { digits.insert(UInt8(ascii: "7"), at: 0) }
        guard digits.count == 11 else { throw .notAPhone(digits: digits.count) }
        // Only numbering plan +7, geographic or mobile: toll fraud starts with +882 and premium numbers.
        guard digits[0] == UInt8(ascii: "7") else { throw .countryNotAllowed }
        switch digits[1] {
        case UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "6"), UInt8(ascii: "7"), UInt8(ascii: "9"): break
        case UInt8(ascii: "8") where digits[2] != UInt8(ascii: "0"): break
        // +7000000000N are the sandbox's magic recipients; no operator owns the code 000.
        case UInt8(ascii: "0") where digits.dropFirst().prefix(9).allSatisfy { $0 == UInt8(ascii: "0") }: break
        default: throw .countryNotAllowed
        }
        return "+" + String(decoding: digits, as: UTF8.self)
    }
}

/// A numeric id of a person or a group in a messenger.
enum ChatNumber {
    static func normalise(_ text: String, group: Bool) throws(AddressError) -> String {
        let bytes = Array(text.utf8)
        let digits = group && bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes[...]
        guard (1...19).contains(digits.count), digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), Int64(text) != nil
        else { throw .notAChat }
        return text
    }
}
