/// Base64 (RFC 4648) by bytes.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: encode(bytes), as: UTF8.self) }

    /// Lines of 76 bytes, each ended by CR LF (RFC 2045 §6.8).
    static func lines(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count / 57 * 78 + 80)
        var at = 0
        while at < bytes.count {
            out += encode(bytes[at..<min(at + 57, bytes.count)])
            out += [0x0D, 0x0A]
            at += 57
        }
        return out
    }

    private static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0, held = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            held += 1
            if held == 3 {
                append(group, digits: 4, to: &out)
                (group, held) = (0, 0)
            }
        }
        if held > 0 {
            append(group << UInt32(8 * (3 - held)), digits: held + 1, to: &out)
            out += [UInt8](repeating: UInt8(ascii: "="), count: 3 - held)
        }
        return out
    }

    private static func append(_ group: UInt32, digits: Int, to out: inout [UInt8]) {
        for place in 0..<digits { out.append(alphabet[Int(group >> UInt32(18 - 6 * place) & 63)]) }
    }
}
