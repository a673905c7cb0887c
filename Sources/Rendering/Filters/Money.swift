/// Roubles as whole kopecks: no sum is ever a binary fraction on its way through us.
package struct Money: Sendable, Hashable {
    package let kopecks: Int64

    /// `3250.50`, `3250.5`, `3250`, `-12.00`: ASCII digits, at most twelve before the point; nil for all else.
    package init?(_ text: String) {
        guard let money = text.withBytes({ Money($0) }) else { return nil }
        self = money
    }

    init?(_ text: Bytes) {
        let start = text.first == UInt8(ascii: "-") ? 1 : 0
        let point = text.firstIndex(of: UInt8(ascii: ".")) ?? text.count
        guard start <= point, let roubles = Digits.value(of: text.part(start..<point), 1...12) else { return nil }
        var hundredths: Int64 = 0
        if point < text.count {
            let part = text.part(point + 1..<text.count)
            guard let value = Digits.value(of: part, 1...2) else { return nil }
            hundredths = part.count == 1 ? value * 10 : value
        }
        let sum = roubles * 100 + hundredths
        kopecks = start == 1 ? -sum : sum
    }

    /// HTML, subject, push: `3 250,50 ₽` that never breaks over two lines. Plain and SMS: `3250,50 руб.` Aloud: words.
    func write(_ style: Style, into output: inout [UInt8]) {
        let size = kopecks.magnitude
        let roubles = size / 100, hundredths = size % 100
        switch style {
        case .typographic:
            if kopecks < 0 { output.append("\u{2212}") }
            Digits.writeGrouped(roubles, into: &output)
            output.append(UInt8(ascii: ","))
            Digits.write(hundredths, width: 2, into: &output)
            output.append("\u{A0}₽")
        case .plain:
            if kopecks < 0 { output.append(UInt8(ascii: "-")) }
            Digits.write(roubles, into: &output)
            output.append(UInt8(ascii: ","))
            Digits.write(hundredths, width: 2, into: &output)
            output.append(" руб.")
        case .spoken:
            if kopecks < 0 { output.append("минус ") }
            Digits.write(roubles, into: &output)
            output.append(Plural.form(of: roubles, " рубль", " рубля", " рублей"))
            guard hundredths != 0 else { return }
            output.append(UInt8(ascii: " "))
            Digits.write(hundredths, into: &output)
            output.append(Plural.form(of: hundredths, " копейка", " копейки", " копеек"))
        }
    }
}
