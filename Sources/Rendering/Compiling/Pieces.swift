/// The first half of compiling: bytes of one file → literals and tags. It knows the braces and nothing of names.
struct Piece {
    enum Kind {
        case literal(ArraySlice<UInt8>)
        case slot(name: String, filter: String?, arguments: [String])
        case open(String), inverted(String), close(String)
        case partial(String)
    }
    let kind: Kind
    let line: Int
}

struct PieceReader {
    private let bytes: [UInt8]
    private let file: String
    private var position = 0
    private var line = 1
    private var pieces: [Piece] = []

    static func pieces(of text: String, file: String) throws(TemplateError) -> [Piece] {
        var reader = PieceReader(text, file: file)
        try reader.read()
        return reader.pieces
    }

    private init(_ text: String, file: String) {
        bytes = text.utf8.filter { $0 != 0x0D }
        self.file = file
    }

    private mutating func read() throws(TemplateError) {
        var start = 0, startLine = 1
        while position < bytes.count {
            guard isBraces(UInt8(ascii: "{"), at: position) else {
                if bytes[position] == 0x0A { line += 1 }
                position += 1
                continue
            }
            let opened = position, tagLine = line
            let (tag, end) = try tag(from: opened + 2)
            var before = start..<opened, after = end
            // As Mustache has it: a line that holds only such a tag leaves no line behind.
            if standsAlone(tag), let whole = wholeLine(around: opened..<end, from: start) {
                before = start..<whole.lowerBound
                after = whole.upperBound
            }
            if !before.isEmpty { pieces.append(Piece(kind: .literal(bytes[before]), line: startLine)) }
            if let tag { pieces.append(Piece(kind: tag, line: tagLine)) }
            line += bytes[opened..<after].count { $0 == 0x0A }
            position = after
            start = after
            startLine = line
        }
        if start < bytes.count { pieces.append(Piece(kind: .literal(bytes[start...]), line: startLine)) }
    }

    private func isBraces(_ brace: UInt8, at index: Int) -> Bool {
        index + 1 < bytes.count && bytes[index] == brace && bytes[index + 1] == brace
    }

    private func fault(_ fault: TemplateFault) -> TemplateError { TemplateError(file: file, line: line, fault: fault) }

    private func standsAlone(_ tag: Piece.Kind?) -> Bool {
        guard let tag else { return true }
        switch tag {
        case .open, .inverted, .close, .partial: return true
        case .literal, .slot: return false
        }
    }

    private func wholeLine(around tag: Range<Int>, from start: Int) -> Range<Int>? {
        func isBlank(_ index: Int) -> Bool { bytes[index] == 0x20 || bytes[index] == 0x09 }
        var first = tag.lowerBound, last = tag.upperBound
        while first > start, isBlank(first - 1) { first -= 1 }
        guard first == 0 || bytes[first - 1] == 0x0A else { return nil }
        while last < bytes.count, isBlank(last) { last += 1 }
        guard last == bytes.count || bytes[last] == 0x0A else { return nil }
        return first..<min(last + 1, bytes.count)
    }

    /// The tag whose inside begins at `start`, nil for a comment, and the index behind its braces.
    private func tag(from start: Int) throws(TemplateError) -> (Piece.Kind?, Int) {
        guard start < bytes.count else { throw fault(.unclosedTag) }
        guard bytes[start] != UInt8(ascii: "{"), bytes[start] != UInt8(ascii: "&") else { throw fault(.rawOutput) }
        guard bytes[start] != UInt8(ascii: "=") else { throw fault(.changedDelimiters) }
        let comment = bytes[start] == UInt8(ascii: "!")
        var end = start
        while !isBraces(UInt8(ascii: "}"), at: end) {
            guard end + 1 < bytes.count, comment || bytes[end] != 0x0A else { throw fault(.unclosedTag) }
            end += 1
        }
        return (comment ? nil : try kind(of: bytes[start..<end]), end + 2)
    }

    private func kind(of inside: ArraySlice<UInt8>) throws(TemplateError) -> Piece.Kind {
        guard let sign = inside.first else { throw fault(.emptyTag) }
        let rest = trimmed(inside.dropFirst())
        switch sign {
        case UInt8(ascii: "#"): return .open(try name(rest))
        case UInt8(ascii: "^"): return .inverted(try name(rest))
        case UInt8(ascii: "/"): return .close(try name(rest))
        case UInt8(ascii: ">"): return .partial(String(decoding: rest, as: UTF8.self))
        default: return try slot(trimmed(inside))
        }
    }

    /// `amount|money`, `count|plural:подъезд,подъезда,подъездов`
    private func slot(_ inside: ArraySlice<UInt8>) throws(TemplateError) -> Piece.Kind {
        let halves = inside.split(separator: UInt8(ascii: "|"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = halves.first, !first.isEmpty else { throw fault(.emptyTag) }
        let name = try name(trimmed(first))
        guard halves.count == 2 else { return .slot(name: name, filter: nil, arguments: []) }
        let words = halves[1].split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        let filter = String(decoding: trimmed(words.first ?? []), as: UTF8.self)
        let arguments =
            words.count == 2 ? words[1].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) : []
        return .slot(
            name: name, filter: filter, arguments: arguments.map { String(decoding: trimmed($0), as: UTF8.self) })
    }

    private func name(_ bytes: ArraySlice<UInt8>) throws(TemplateError) -> String {
        let name = String(decoding: bytes, as: UTF8.self)
        let halves = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(halves.count), halves.allSatisfy(isName) else { throw fault(.badName(name)) }
        return name
    }

    private func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return bytes
    }
}

/// A lower-case Latin letter, then letters, digits and `_`; at most 64.
func isName(_ bytes: some Collection<UInt8>) -> Bool {
    guard let first = bytes.first, (0x61...0x7A).contains(first), bytes.count <= 64 else { return false }
    return bytes.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
}
