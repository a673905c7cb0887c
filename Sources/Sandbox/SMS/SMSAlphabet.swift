/// GSM 03.38: which letters fit in seven bits, and how many parts a text takes.
enum SMSAlphabet {
    private static let basic = Set(
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
            + "abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars)
    private static let extended = Set("^{}\\[~]|€\u{0C}".unicodeScalars)

    /// Letters outside the alphabet arrive as question marks: what Kannel does without coding=2, and still says yes.
    static func forcedIntoGSM(_ text: String) -> String {
        var forced = ""
        for scalar in text.unicodeScalars {
            forced.unicodeScalars.append(basic.contains(scalar) || extended.contains(scalar) ? scalar : "?")
        }
        return forced
    }

    static func parts(_ text: String) -> Int {
        var septets = 0
        for scalar in text.unicodeScalars {
            if basic.contains(scalar) {
                septets += 1
            } else if extended.contains(scalar) {
                septets += 2
            } else {
                let units = text.utf16.count
                return units <= 70 ? 1 : (units + 66) / 67
            }
        }
        return septets <= 160 ? 1 : (septets + 152) / 153
    }
}
