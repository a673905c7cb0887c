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
        var text = text
        self = text.withUTF8 { SMSParts($0) }
    }

    private init(_ text: UnsafeBufferPointer<UInt8>) {
        forcedBy = GSM7.firstForeign(in: text)
        if forcedBy == nil {
            encoding = .gsm7
            (units, parts) = Self.measure(text, single: 160, joined: 153) { GSM7.septets(of: $0) ?? 1 }
        } else {
            encoding = .ucs2
            (units, parts) = Self.measure(text, single: 70, joined: 67) { $0.value > 0xFFFF ? 2 : 1 }
        }
    }

    /// An escape pair or a surrogate pair is never cut between two parts, so a part may hold one unit less.
    @inline(__always)
    private static func measure(
        _ text: UnsafeBufferPointer<UInt8>, single: Int, joined: Int, _ size: (Unicode.Scalar) -> Int
    ) -> (Int, Int) {
        var total = 0, parts = 1, room = joined
        text.forEachScalar { scalar in
            let size = size(scalar)
            total += size
            if size > room {
                parts += 1
                room = joined
            }
            room -= size
            return true
        }
        if total == 0 { return (0, 0) }
        return (total, total <= single ? 1 : parts)
    }
}
