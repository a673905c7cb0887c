import Domain

/// The name of a file as others may see it: one path component without control, bidirectional or invisible characters
/// and without quotes. A name is a stranger's text: it may hold `../`, CR LF or a right-to-left override.
enum FileName {
    /// At most 120 bytes; the extension survives shortening. `file` when nothing is left.
    static func clean(_ name: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            if scalar == "/" || scalar == "\\" {
                kept = String.UnicodeScalarView()
            } else if isHarmless(scalar) {
                kept.append(scalar)
            }
        }
        let plain = trim(String(kept).nfc)
        return plain.utf8.isEmpty ? "file" : shorten(plain, to: 120)
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
        default: !["\"", "<", ">", "|", ":", "*", "?", ";"].contains(scalar)
        }
    }

    /// Dots and spaces at the ends hide a file or its extension.
    private static func trim(_ name: String) -> String {
        let isEdge: (UInt8) -> Bool = { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: " ") }
        var bytes = Array(name.utf8)[...]
        while let first = bytes.first, isEdge(first) { bytes.removeFirst() }
        while let last = bytes.last, isEdge(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func shorten(_ name: String, to limit: Int) -> String {
        guard name.utf8.count > limit else { return name }
        let dot = name.unicodeScalars.lastIndex(of: ".")
        let ending = dot.map { String(name[$0...]) }.flatMap { $0.utf8.count <= 12 ? $0 : nil } ?? ""
        var stem = String.UnicodeScalarView()
        var room = limit - ending.utf8.count
        for scalar in name.unicodeScalars {
            room -= UTF8.width(scalar)
            if room < 0 { break }
            stem.append(scalar)
        }
        return String(stem) + ending
    }
}
