/// The default alphabet of SMS (3GPP TS 23.038): 7 bits a character. One character outside it, `№` or any Cyrillic
/// letter, turns the whole text into UCS-2 at 16 bits each.
package enum GSM7 {
    /// 1, or 2 for those that are reached through an escape; nil for a character that GSM-7 has no place for.
    package static func septets(of scalar: Unicode.Scalar) -> Int? {
        switch scalar {
        case "^", "{", "}", "\\", "[", "~", "]", "|", "\u{0C}", "€": 2
        // ASCII but for those above, ` and control characters.
        case "\n", "\r", " "..."_", "a"..."z": 1
        case "£", "¥", "è", "é", "ù", "ì", "ò", "Ç", "Ø", "ø", "Å", "å", "Æ", "æ", "ß", "É", "¤", "¡", "Ä", "Ö", "Ñ",
            "Ü", "§", "¿", "ä", "ö", "ñ", "ü", "à":
            1
        case "Δ", "Φ", "Γ", "Λ", "Ω", "Π", "Ψ", "Σ", "Θ", "Ξ": 1
        default: nil
        }
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

    /// The first character that makes a text UCS-2.
    static func firstForeign(in text: UnsafeBufferPointer<UInt8>) -> Unicode.Scalar? {
        var foreign: Unicode.Scalar?
        text.forEachScalar { scalar in
            guard septets(of: scalar) == nil else { return true }
            foreign = scalar
            return false
        }
        return foreign
    }
}
