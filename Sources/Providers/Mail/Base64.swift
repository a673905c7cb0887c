/// Base64 (RFC 4648) by bytes.
enum Base64 {
    // A StaticString's bytes lie in the program itself: no start-up check and no reference count for each look-up.
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    private static let pad = UInt8(ascii: "=")
    /// Bytes of text on one line of 76 digits (RFC 2045 §6.8).
    private static let line = 57

    static func text(_ bytes: some Collection<UInt8>) -> String {
        var digits: [UInt8] = []
        add(Array(bytes)[...], to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }

    /// Without line ends.
    static func add(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        out.append(addingCapacity: (bytes.count + 2) / 3 * 4) { digits in
            digits.withUnsafeMutableBufferPointer { room, filled in
                bytes.withUnsafeBufferPointer { filled = encode($0, into: room, at: filled) }
            }
        }
    }

    /// Lines of 76 bytes, each ended by CR LF.
    static func addLines(_ bytes: [UInt8], to out: inout [UInt8]) {
        let lines = (bytes.count + line - 1) / line
        out.append(addingCapacity: (bytes.count + 2) / 3 * 4 + lines * 2) { digits in
            digits.withUnsafeMutableBufferPointer { room, filled in
                bytes.withUnsafeBufferPointer { bytes in
                    for start in stride(from: 0, to: bytes.count, by: line) {
                        let piece = bytes.extracting(start..<min(start + line, bytes.count))
                        filled = encode(piece, into: room, at: filled)
                        room[filled] = 0x0D
                        room[filled + 1] = 0x0A
                        filled += 2
                    }
                }
            }
        }
    }

    /// - Parameter room: holds four digits for each three bytes begun, from `start` on.
    /// - Returns: where the digits end.
    private static func encode(
        _ bytes: UnsafeBufferPointer<UInt8>, into room: UnsafeMutableBufferPointer<UInt8>, at start: Int
    ) -> Int {
        precondition(room.count - start >= (bytes.count + 2) / 3 * 4)
        let digit = alphabet.utf8Start
        var (at, to) = (0, start)
        while at + 3 <= bytes.count {
            let group = Int(bytes[at]) << 16 | Int(bytes[at + 1]) << 8 | Int(bytes[at + 2])
            room[to] = digit[group >> 18]
            room[to + 1] = digit[group >> 12 & 63]
            room[to + 2] = digit[group >> 6 & 63]
            room[to + 3] = digit[group & 63]
            (at, to) = (at + 3, to + 4)
        }
        guard at < bytes.count else { return to }
        let two = at + 1 < bytes.count
        let group = Int(bytes[at]) << 16 | (two ? Int(bytes[at + 1]) << 8 : 0)
        room[to] = digit[group >> 18]
        room[to + 1] = digit[group >> 12 & 63]
        room[to + 2] = two ? digit[group >> 6 & 63] : pad
        room[to + 3] = pad
        return to + 4
    }
}
