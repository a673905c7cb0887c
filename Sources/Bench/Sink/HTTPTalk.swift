import Glibc

/// The far side of one HTTP connection, as Kannel's `sendsms`: every complete request is accepted in Kannel's words, the
/// connection stays open, nothing is kept.
struct HTTPTalk {
    /// Together with the body this is all that one read buffer holds.
    static let longestHead = 16_384

    private(set) var taken = 0
    private(set) var malformed = 0
    private(set) var isOver = false
    /// Of a body that is being skipped.
    private var bodyLeft = 0

    private static let cr = UInt8(ascii: "\r"), lf = UInt8(ascii: "\n"), colon = UInt8(ascii: ":")
    private static let accepted = reply("202 Accepted", "0: Accepted for delivery")
    private static let bad = reply("400 Bad Request", "what?", more: "Connection: close\r\n")
    private static let large = reply("431 Request Header Fields Too Large", "too long", more: "Connection: close\r\n")
    private static let sizeless = reply("411 Length Required", "how long?", more: "Connection: close\r\n")

    private static func reply(_ status: String, _ body: String, more: String = "") -> [UInt8] {
        Array(
            "HTTP/1.1 \(status)\r\nContent-Type: text/plain\r\nContent-Length: \(body.utf8.count)\r\n\(more)\r\n\(body)"
                .utf8)
    }

    /// - Returns: how many of the bytes are done with; the rest comes again with what follows it.
    mutating func hear(_ bytes: UnsafeRawBufferPointer, _ out: inout [UInt8]) -> Int {
        (taken, malformed) = (0, 0)
        var at = 0
        while at < bytes.count, !isOver {
            if bodyLeft > 0 {
                let skipped = min(bodyLeft, bytes.count - at)
                (bodyLeft, at) = (bodyLeft - skipped, at + skipped)
                if bodyLeft == 0 { accept(&out) }
                continue
            }
            let head = head(UnsafeRawBufferPointer(rebasing: bytes[at...]), &out)
            if head == 0 { break }
            at += head
        }
        return at
    }

    private mutating func accept(_ out: inout [UInt8]) {
        taken += 1
        out += Self.accepted
        if closes { isOver = true }
    }

    // MARK: The head

    private var closes = false

    private mutating func head(_ bytes: UnsafeRawBufferPointer, _ out: inout [UInt8]) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        guard let first = memchr(base, Int32(Self.lf), bytes.count) else { return unfinished(bytes, &out) }
        var lineEnd = UnsafeRawPointer(first) - base
        guard isRequestLine(UnsafeRawBufferPointer(rebasing: bytes[..<lineEnd])) else {
            return refuse(Self.bad, bytes, &out)
        }
        var length: Int? = 0
        closes = bytes[lineEnd - 2] == UInt8(ascii: "0")
        while true {
            let start = lineEnd + 1
            guard start < bytes.count, let found = memchr(base + start, Int32(Self.lf), bytes.count - start) else {
                return unfinished(bytes, &out)
            }
            lineEnd = UnsafeRawPointer(found) - base
            let line = UnsafeRawBufferPointer(rebasing: bytes[start..<lineEnd])
            if line.isEmpty || line.count == 1 && line[0] == Self.cr { break }
            // Only three headers matter, and two letters tell them from nearly all others.
            switch (line[0] | 0x20, line.count) {
            case (UInt8(ascii: "c"), 12...):
                if Self.isNamed("content-length:", line) {
                    length = Self.number(line.dropFirst(15))
                } else if Self.isNamed("connection:", line) {
                    closes = Self.says(line.dropFirst(11), "close")
                }
            case (UInt8(ascii: "t"), 18...) where Self.isNamed("transfer-encoding:", line):
                return refuse(Self.sizeless, bytes, &out)
            case (Self.colon, _): return refuse(Self.bad, bytes, &out)
            default: break
            }
        }
        guard let length else { return refuse(Self.bad, bytes, &out) }
        bodyLeft = length
        if length == 0 { accept(&out) }
        return lineEnd + 1
    }

    private mutating func unfinished(_ bytes: UnsafeRawBufferPointer, _ out: inout [UInt8]) -> Int {
        bytes.count < Self.longestHead ? 0 : refuse(Self.large, bytes, &out)
    }

    private mutating func refuse(
        _ reply: [UInt8], _ bytes: UnsafeRawBufferPointer, _ out: inout [UInt8]
    ) -> Int {
        malformed += 1
        out += reply
        isOver = true
        return bytes.count
    }

    /// `POST /path HTTP/1.1`, its CR still there.
    private func isRequestLine(_ line: UnsafeRawBufferPointer) -> Bool {
        guard line.count > 14, line[line.count - 1] == Self.cr, (0x41...0x5A).contains(line[0]) else { return false }
        let version = line[(line.count - 10)..<(line.count - 2)]
        return version.elementsEqual(" HTTP/1.".utf8)
    }

    private static func isNamed(_ name: StaticString, _ line: UnsafeRawBufferPointer) -> Bool {
        guard line.count >= name.utf8CodeUnitCount else { return false }
        return (0..<name.utf8CodeUnitCount).allSatisfy { place in
            let letter = name.utf8Start[place]
            return line[place] == letter || line[place] | 0x20 == letter
        }
    }

    private static func number(_ text: Slice<UnsafeRawBufferPointer>) -> Int? {
        var value = 0
        var digits = 0
        for byte in text where byte != UInt8(ascii: " ") && byte != cr {
            guard (0x30...0x39).contains(byte), digits < 9 else { return nil }
            value = value * 10 + Int(byte - 0x30)
            digits += 1
        }
        return digits > 0 ? value : nil
    }

    private static func says(_ text: Slice<UnsafeRawBufferPointer>, _ word: String) -> Bool {
        String(decoding: text, as: UTF8.self).lowercased().contains(word)
    }
}
