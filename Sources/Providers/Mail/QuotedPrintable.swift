/// Quoted-printable (RFC 2045 §6.7) of text whose lines end in CR LF: lines of at most 76 bytes, no space at their ends,
/// no dot at their beginnings.
enum QuotedPrintable {
    private static let digits: StaticString = "0123456789ABCDEF"
    private static let longest = 76

    static func add(_ text: [UInt8], to out: inout [UInt8]) {
        out.reserveCapacity(out.count + text.count + text.count / 4)
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: 0x0D) ?? text.count
            add(line: text[start..<end], to: &out)
            if end < text.count { out += [0x0D, 0x0A] }
            start = end + 2
        }
    }

    /// Runs of bytes that stand for themselves are copied as a whole.
    private static func add(line: ArraySlice<UInt8>, to out: inout [UInt8]) {
        var column = 0
        var at = line.startIndex
        while at < line.endIndex {
            let room = longest - 1 - column
            let run = column == 0 && line[at] == UInt8(ascii: ".") ? 0 : run(line[at...], upTo: room)
            out += line[at..<(at + run)]
            at += run
            column += run
            guard at < line.endIndex else { return }
            // The last byte of a line may stand where otherwise the `=` of a soft line end would.
            let isLast = at + 1 == line.endIndex
            let plain = isPlain(line[at], endsLine: isLast) && !(column == 0 && line[at] == UInt8(ascii: "."))
            if (isLast ? longest : longest - 1) - column < (plain ? 1 : 3) {
                out += [UInt8(ascii: "="), 0x0D, 0x0A]
                column = 0
                continue
            }
            if plain { out.append(line[at]) } else { escape(line[at], to: &out) }
            column += plain ? 1 : 3
            at += 1
        }
    }

    /// How many of the bytes stand for themselves wherever they are, the last of the line left out.
    private static func run(_ bytes: ArraySlice<UInt8>, upTo room: Int) -> Int {
        let most = min(room, bytes.count - 1)
        var run = 0
        bytes.withUnsafeBufferPointer { bytes in
            while run < most, isPlain(bytes[run], endsLine: false) { run += 1 }
        }
        return run
    }

    private static func escape(_ byte: UInt8, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "="))
        out.append(digits.utf8Start[Int(byte >> 4)])
        out.append(digits.utf8Start[Int(byte & 15)])
    }

    private static func isPlain(_ byte: UInt8, endsLine: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "="): false
        case 0x20, 0x09: !endsLine
        default: (0x21...0x7E).contains(byte)
        }
    }
}
