import Glibc

/// Cuts a stream of bytes into replies, however they were split on the way.
package struct SMTPReplyParser: Sendable {
    /// The other side does not speak SMTP, or has no end: the session is over.
    package struct Nonsense: Error, Sendable, Hashable {}

    private static let longestLine = 2048
    private static let mostLines = 100
    private var bytes: [UInt8] = []
    private var start = 0
    /// Of a reply of several lines, those that came.
    private var lines: [String] = []
    private var code = 0

    package init() {}

    package mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    /// The next whole reply, or nil when more bytes are needed.
    /// - Parameter keepsText: whether somebody will read the text of a reply of one line with this code.
    package mutating func next(keepsText: (Int) -> Bool = { _ in true }) throws(Nonsense) -> SMTPReply? {
        while let line = try nextLine() {
            guard let (code, isLast) = read(line), lines.isEmpty || code == self.code else { throw Nonsense() }
            if isLast, lines.isEmpty { return SMTPReply(code, keepsText(code) ? text(of: line) : "") }
            self.code = code
            lines.append(text(of: line))
            guard lines.count <= Self.mostLines else { throw Nonsense() }
            guard isLast else { continue }
            defer { lines = [] }
            return SMTPReply(code, Self.join(lines))
        }
        return nil
    }

    /// Where it lies, without its line end.
    private mutating func nextLine() throws(Nonsense) -> Range<Int>? {
        guard let end = lineFeed() else {
            guard bytes.count - start <= Self.longestLine else { throw Nonsense() }
            if start == bytes.count { bytes.removeAll(keepingCapacity: true) } else { bytes.removeFirst(start) }
            start = 0
            return nil
        }
        let line = start..<end
        start = end + 1
        guard line.count <= Self.longestLine else { throw Nonsense() }
        return line.isEmpty || bytes[end - 1] != 0x0D ? line : line.lowerBound..<(end - 1)
    }

    private func lineFeed() -> Int? {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let found = memchr(base + start, 0x0A, bytes.count - start) else {
                return nil
            }
            return UnsafeRawPointer(found) - base
        }
    }

    private func read(_ line: Range<Int>) -> (code: Int, isLast: Bool)? {
        guard line.count >= 3 else { return nil }
        var code = 0
        for at in line.lowerBound..<(line.lowerBound + 3) {
            guard (0x30...0x39).contains(bytes[at]) else { return nil }
            code = code * 10 + Int(bytes[at] - 0x30)
        }
        guard (200...599).contains(code) else { return nil }
        guard line.count > 3 else { return (code, true) }
        switch bytes[line.lowerBound + 3] {
        case 0x20: return (code, true)
        case UInt8(ascii: "-"): return (code, false)
        default: return nil
        }
    }

    private func text(of line: Range<Int>) -> String {
        line.count > 4 ? String(decoding: bytes[(line.lowerBound + 4)..<line.upperBound], as: UTF8.self) : ""
    }

    /// Some servers repeat the enhanced code on each line: it is kept once.
    private static func join(_ lines: [String]) -> String {
        guard let first = lines.first, let code = SMTPEnhancedCode(first)?.description else {
            return lines.joined(separator: " ")
        }
        let rest = lines.dropFirst().map { line in
            SMTPEnhancedCode(line)?.description == code
                ? String(decoding: line.utf8.dropFirst(code.utf8.count + 1), as: UTF8.self) : line
        }
        return ([first] + rest).joined(separator: " ")
    }
}
