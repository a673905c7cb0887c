package import Domain

extension SMSParts {
    /// Typographic signs as plain ones, for texts that would fit the GSM alphabet without them.
    package static func plainTypography(_ text: String) -> String {
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "«", "»", "“", "”", "„": plain += "\""
            case "‘", "’": plain += "'"
            case "–", "—", "\u{2010}", "\u{2011}", "\u{2212}": plain += "-"
            case "…": plain += "..."
            case "\u{A0}", "\u{2009}", "\u{202F}": plain += " "
            case "₽": plain += "руб."
            default: plain.unicodeScalars.append(scalar)
            }
        }
        return plain
    }
}
