/// `application/x-www-form-urlencoded`, in a body or behind `?`. The first value of a repeated name wins.
struct FormBody: Sendable {
    private let fields: [(name: String, value: [UInt8])]

    init(_ bytes: some Collection<UInt8>) {
        fields = bytes.split(separator: UInt8(ascii: "&")).map { pair in
            let halves = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = Self.percentDecoded(Array(halves[0]), plusIsSpace: true)
            let value = halves.count > 1 ? Self.percentDecoded(Array(halves[1]), plusIsSpace: true) : []
            return (String(decoding: name, as: UTF8.self), value)
        }
    }

    /// As UTF-8.
    subscript(name: String) -> String? { bytes(name).map { String(decoding: $0, as: UTF8.self) } }

    func bytes(_ name: String) -> [UInt8]? { fields.first { $0.name == name }?.value }

    var pairs: [(name: String, value: String)] {
        fields.map { ($0.name, String(decoding: $0.value, as: UTF8.self)) }
    }

    static func percentDecoded(_ bytes: [UInt8], plusIsSpace: Bool) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.count, let high = hexValue(bytes[index + 1]),
                let low = hexValue(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? 32 : byte)
                index += 1
            }
        }
        return decoded
    }

    /// Everything but letters, digits and `-._~` is escaped.
    static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            default: encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
