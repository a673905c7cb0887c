/// The subject of a mail: one line, whatever was in the value. Encoded-words are the mail writer's business.
enum HeaderText {
    /// A whole subject: runs of spaces and line breaks, the template's own too, become one space; no control bytes.
    static func line(_ bytes: [UInt8]) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(bytes.count)
        for byte in bytes {
            let blank = byte <= 0x20 || byte == 0x7F
            if !blank { line.append(byte) } else if let last = line.last, last != 0x20 { line.append(0x20) }
        }
        if line.last == 0x20 { line.removeLast() }
        return line
    }
}
