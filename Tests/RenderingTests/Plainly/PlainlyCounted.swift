import Domain

extension Plainly {
    struct SMSParts: Sendable, Hashable {
        enum Encoding: String, Sendable { case gsm7, ucs2 }
        let encoding: Encoding
        /// Septets of the GSM alphabet, or 16-bit units.
        let units: Int
        /// 0 for an empty text.
        let parts: Int
        /// The first character that is not in the GSM alphabet and made the whole text UCS-2.
        let forcedBy: Unicode.Scalar?

        static func count(_ text: String) -> SMSParts { SMSParts(text) }

        init(_ text: String) {
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

    enum GSM7 {
        private static let basic = Set(
            "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
                .unicodeScalars
        ).union("abcdefghijklmnopqrstuvwxyzäöñüà".unicodeScalars)
        /// Reached through an escape, so each counts twice.
        private static let extended = Set("\u{0C}^{}\\[~]|€".unicodeScalars)

        /// 1 or 2; nil for a character that GSM-7 has no place for.
        static func septets(of scalar: Unicode.Scalar) -> Int? {
            basic.contains(scalar) ? 1 : extended.contains(scalar) ? 2 : nil
        }

        /// Nil when the text needs UCS-2.
        static func septets(in text: String) -> Int? {
            var sum = 0
            for scalar in text.unicodeScalars {
                guard let one = septets(of: scalar) else { return nil }
                sum += one
            }
            return sum
        }
    }
}
