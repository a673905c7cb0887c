/// The default alphabet of SMS (3GPP TS 23.038): 7 bits a character. One character outside it, `№` or any Cyrillic
/// letter, turns the whole text into UCS-2 at 16 bits each.
package enum GSM7 {
    private static let basic = Set(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
            .unicodeScalars
    ).union("abcdefghijklmnopqrstuvwxyzäöñüà".unicodeScalars)
    /// Reached through an escape, so each counts twice.
    private static let extended = Set("\u{0C}^{}\\[~]|€".unicodeScalars)

    /// 1 or 2; nil for a character that GSM-7 has no place for.
    package static func septets(of scalar: Unicode.Scalar) -> Int? {
        basic.contains(scalar) ? 1 : extended.contains(scalar) ? 2 : nil
    }

    /// Nil when the text needs UCS-2.
    package static func septets(in text: String) -> Int? {
        var sum = 0
        for scalar in text.unicodeScalars {
            guard let one = septets(of: scalar) else { return nil }
            sum += one
        }
        return sum
    }
}

/// How big an SMS is on the air and on the bill.
package struct SMSSize: Sendable, Hashable {
    package let ucs2: Bool
    /// Septets in GSM-7, UTF-16 units in UCS-2.
    package let units: Int
    /// Billed parts; 0 for an empty text.
    package let parts: Int

    package init(_ text: String) {
        let septets = GSM7.septets(in: text)
        ucs2 = septets == nil
        units = septets ?? text.utf16.count
        let (whole, part) = septets == nil ? (70, 67) : (160, 153)
        parts = units == 0 ? 0 : units <= whole ? 1 : Self.split(text, ucs2: septets == nil, room: part)
    }

    /// Neither an escaped character nor a surrogate pair is ever cut in two, so a part may go out one unit short.
    private static func split(_ text: String, ucs2: Bool, room: Int) -> Int {
        var parts = 1, used = 0
        for scalar in text.unicodeScalars {
            let size = ucs2 ? UTF16.width(scalar) : GSM7.septets(of: scalar) ?? 1
            if used + size > room {
                parts += 1
                used = 0
            }
            used += size
        }
        return parts
    }
}
