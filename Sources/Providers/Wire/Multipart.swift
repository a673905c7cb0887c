import Domain

/// A `multipart/form-data` body (RFC 7578). The boundary comes from our message's id, so the same message makes the
/// same bytes again.
struct Multipart {
    let boundary: String
    private(set) var body: [UInt8] = []

    /// - Parameter files: looked through, so that the boundary never stands in one of them.
    init(for reference: MessageID, files: [Attachment]) {
        var candidate = "----" + reference.text
        while files.contains(where: { $0.bytes.holds(Array(candidate.utf8)) }) { candidate += "-" }
        boundary = candidate
    }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    mutating func add(_ name: String, _ value: String) {
        body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8
    }

    mutating func add(_ name: String, _ file: Attachment) {
        body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; ".utf8
        body += "filename=\"\(FileName.clean(file.name))\"\r\nContent-Type: \(file.safeType)\r\n\r\n".utf8
        body += file.bytes
        body += "\r\n".utf8
    }

    mutating func close() { body += "--\(boundary)--\r\n".utf8 }
}

extension Attachment {
    /// `type/subtype` of plain token bytes, or a type that says nothing.
    var safeType: String {
        let halves = type.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isToken: (Substring.UTF8View) -> Bool = { half in
            (1...64).contains(half.count)
                && half.allSatisfy {
                    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                        || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "+")
                }
        }
        return halves.count == 2 && halves.allSatisfy(isToken) ? type : "application/octet-stream"
    }
}

extension [UInt8] {
    /// Whether these bytes stand somewhere in the array.
    func holds(_ needle: [UInt8]) -> Bool {
        guard let first = needle.first, count >= needle.count else { return needle.isEmpty }
        return indices.dropLast(needle.count - 1).contains { self[$0] == first && self[$0...].starts(with: needle) }
    }

    /// The same without regard to the case of Latin letters.
    func holds(ignoringCase needle: [UInt8]) -> Bool { holds(lowered: needle.map(\.lowered)) }

    /// - Parameter needle: in lower case.
    func holds(lowered needle: [UInt8]) -> Bool {
        guard let first = needle.first, count >= needle.count else { return needle.isEmpty }
        return indices.dropLast(needle.count - 1).contains { start in
            self[start].lowered == first && needle.indices.allSatisfy { self[start + $0].lowered == needle[$0] }
        }
    }
}

extension UInt8 {
    var lowered: UInt8 { (0x41...0x5A).contains(self) ? self + 0x20 : self }
}
