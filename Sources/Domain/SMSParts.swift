/// What an SMS costs: its alphabet, its length in that alphabet's units, and the parts it is billed as
/// (3GPP TS 23.038, 23.040).
package struct SMSParts: Sendable, Hashable {
    package enum Encoding: String, Sendable { case gsm7, ucs2 }
    package let encoding: Encoding
    /// Septets of the GSM alphabet, or 16-bit units.
    package let units: Int
    /// 0 for an empty text.
    package let parts: Int
    /// The first character that is not in the GSM alphabet and made the whole text UCS-2.
    package let forcedBy: Unicode.Scalar?

    package static func count(_ text: String) -> SMSParts { SMSParts(text) }

    package init(_ text: String) {
        let scalars = text.unicodeScalars
        forcedBy = scalars.first { GSM7.septets(of: $0) == nil }
        if forcedBy == nil {
            encoding = .gsm7
            (units, parts) = Self.measure(scalars.map { GSM7.septets(of: $0) ?? 1 }, single: 160, joined: 153)
        } else {
            encoding = .ucs2
            (units, parts) = Self.measure(scalars.map { $0.value > 0xFFFF ? 2 : 1 }, single: 70, joined: 67)
        }
    }

    /// An escape pair or a surrogate pair is never cut between two parts, so a part may hold one unit less.
    private static func measure(_ sizes: [Int], single: Int, joined: Int) -> (Int, Int) {
        let total = sizes.reduce(0, +)
        if total == 0 { return (0, 0) }
        if total <= single { return (total, 1) }
        var parts = 1, room = joined
        for size in sizes {
            if size > room {
                parts += 1
                room = joined
            }
            room -= size
        }
        return (total, parts)
    }
}
