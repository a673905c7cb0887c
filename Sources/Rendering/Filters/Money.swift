/// Roubles as whole kopecks: no sum is ever a binary fraction on its way through us.
package struct Money: Sendable, Hashable {
    package let kopecks: Int64

    /// `3250.50`, `3250.5`, `3250`, `-12.00`: ASCII digits, at most twelve before the point; nil for all else.
    package init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        let negative = rest.first == UInt8(ascii: "-")
        if negative { rest.removeFirst() }
        let halves = rest.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let roubles = halves.first.flatMap({ Digits.value(of: $0, 1...12) }) else { return nil }
        var hundredths: Int64 = 0
        if halves.count == 2 {
            guard let value = Digits.value(of: halves[1], 1...2) else { return nil }
            hundredths = halves[1].count == 1 ? value * 10 : value
        }
        let sum = roubles * 100 + hundredths
        kopecks = negative ? -sum : sum
    }

    /// HTML, subject, push: `3 250,50 ₽` that never breaks over two lines. Plain and SMS: `3250,50 руб.` Aloud: words.
    func written(_ style: Style) -> String {
        let size = kopecks.magnitude
        let roubles = size / 100, hundredths = size % 100
        switch style {
        case .typographic:
            return (kopecks < 0 ? "\u{2212}" : "") + Digits.grouped(roubles) + "," + Digits.two(Int(hundredths))
                + "\u{A0}₽"
        case .plain:
            return (kopecks < 0 ? "-" : "") + "\(roubles)," + Digits.two(Int(hundredths)) + " руб."
        case .spoken:
            let whole = "\(roubles) " + Plural.form(of: roubles, "рубль", "рубля", "рублей")
            let part = "\(hundredths) " + Plural.form(of: hundredths, "копейка", "копейки", "копеек")
            return (kopecks < 0 ? "минус " : "") + (hundredths == 0 ? whole : whole + " " + part)
        }
    }
}

/// How a value is shown at a place: typography for eyes, plain signs for SMS and text, words for a voice.
enum Style: Sendable { case typographic, plain, spoken }

/// Decimal digits as bytes. ASCII only: `Int("٣")` is nil, but `\d` and `isNumber` are not.
enum Digits {
    static func value(of bytes: some Collection<UInt8>, _ count: ClosedRange<Int>) -> Int64? {
        guard count.contains(bytes.count) else { return nil }
        var value: Int64 = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        return value
    }

    static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// `1 234 567` with U+00A0; four digits are grouped too, so that columns of sums line up.
    static func grouped(_ value: UInt64) -> String {
        let digits = Array("\(value)".utf8)
        var bytes: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { bytes += [0xC2, 0xA0] }
            bytes.append(digit)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
