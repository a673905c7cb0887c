import Foundation

/// RFC 2045, section 6: what the content was wrapped in for the journey.
enum TransferEncoding {
    static func decode(_ bytes: ArraySlice<UInt8>, _ name: String) -> [UInt8] {
        switch name.lowercased() {
        case "base64": base64(bytes)
        case "quoted-printable": quotedPrintable(bytes)
        default: Array(bytes)
        }
    }

    static func base64(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Data(base64Encoded: Data(bytes), options: .ignoreUnknownCharacters).map(Array.init) ?? []
    }

    static func quotedPrintable(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "=") else {
                decoded.append(byte)
                index += 1
                continue
            }
            let rest = bytes[(index + 1)...]
            if let high = rest.first.flatMap(hexValue), let low = rest.dropFirst().first.flatMap(hexValue) {
                decoded.append(high << 4 | low)
                index += 3
            } else if let lineEnd = softBreak(rest) {
                index = lineEnd
            } else {
                // Not an escape at all: shown as it stands.
                decoded.append(byte)
                index += 1
            }
        }
        return decoded
    }

    /// Behind `=`: blanks, then the end of the line. Where the next line starts.
    private static func softBreak(_ rest: ArraySlice<UInt8>) -> Int? {
        guard let end = rest.firstIndex(where: { $0 != 32 && $0 != 9 }) else { return rest.endIndex }
        if rest[end] == 10 { return end + 1 }
        guard rest[end] == 13 else { return nil }
        return end + 1 < rest.endIndex && rest[end + 1] == 10 ? end + 2 : end + 1
    }
}

func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
}

/// The alphabets in which Russian mail travels. Anything unknown is read as UTF-8, where mistakes show as �.
enum Charset {
    static func decode(_ bytes: some Collection<UInt8>, _ name: String) -> String {
        let encoding: String.Encoding? =
            switch name.lowercased() {
            case "windows-1251", "cp1251": .windowsCP1251
            case "iso-8859-1", "latin1", "windows-1252": .isoLatin1
            case "utf-16be", "ucs-2", "utf-16": .utf16BigEndian
            default: nil
            }
        return encoding.flatMap { String(data: Data(bytes), encoding: $0) } ?? String(decoding: bytes, as: UTF8.self)
    }
}
