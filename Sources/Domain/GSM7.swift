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
