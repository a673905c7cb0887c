/// RFC 3492, encoding only: `почта` → `xn--80a1acny`. No library among ours does it without ICU.
enum Punycode {
    /// The A-label of one label of a domain; nil when it cannot be one.
    static func aLabel(_ label: String) -> String? {
        if label.utf8.allSatisfy({ $0 < 0x80 }) { return label }
        // Letters, marks and digits only: separators, controls and look-alike punctuation do not belong in a host name.
        let allowed = label.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.generalCategory == .nonspacingMark
                || $0.properties.numericType == .decimal || $0 == "-"
        }
        guard allowed, let encoded = encode(label.unicodeScalars.map(\.value)) else { return nil }
        return "xn--" + encoded
    }

    private static func encode(_ input: [UInt32]) -> String? {
        var output = input.filter { $0 < 0x80 }.map { UInt8($0) }
        let basic = output.count
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var n: UInt32 = 128
        var delta = 0, bias = 72, handled = basic
        while handled < input.count {
            guard let next = input.filter({ $0 >= n }).min() else { return nil }
            let (product, overflow) = Int(next - n).multipliedReportingOverflow(by: handled + 1)
            if overflow { return nil }
            delta += product
            n = next
            for value in input {
                if value < n { delta += 1 }
                if value == n {
                    output += variableLength(delta, bias: bias)
                    bias = adapt(delta, points: handled + 1, first: handled == basic)
                    delta = 0
                    handled += 1
                }
            }
            delta += 1
            n += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func variableLength(_ delta: Int, bias: Int) -> [UInt8] {
        var digits: [UInt8] = []
        var q = delta, k = 36
        while true {
            let threshold = min(max(k - bias, 1), 26)
            if q < threshold { break }
            digits.append(digit(threshold + (q - threshold) % (36 - threshold)))
            q = (q - threshold) / (36 - threshold)
            k += 36
        }
        return digits + [digit(q)]
    }

    private static func digit(_ value: Int) -> UInt8 { UInt8(value < 26 ? value + 97 : value - 26 + 48) }

    private static func adapt(_ delta: Int, points: Int, first: Bool) -> Int {
        var delta = first ? delta / 700 : delta / 2
        delta += delta / points
        var k = 0
        while delta > 455 {
            delta /= 35
            k += 36
        }
        return k + 36 * delta / (delta + 38)
    }
}
