import Foundation

/// A mail read back into what a person sees. Written for this purpose alone, after the RFCs and not after our own
/// writer, so that a mistake of the writer is not repeated here. It never fails: what it cannot read it shows raw.
struct ReceivedMail {
    private(set) var headers: [CapturedMessage.Header] = []
    private(set) var text = ""
    private(set) var html: String?
    private(set) var attachments: [CapturedMessage.Attachment] = []

    /// Parts inside parts: deeper than any honest mail goes.
    private static let deepest = 12

    init(_ raw: [UInt8]) {
        let part = Part(raw[...])
        headers = part.headers.map { .init(name: $0.name, value: HeaderText.decode($0.value)) }
        read(part, depth: 0)
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    private mutating func read(_ part: Part, depth: Int) {
        guard depth < Self.deepest else { return }
        let (type, parameters) = HeaderText.parameters(part.header("content-type") ?? "text/plain")
        if type.hasPrefix("multipart/"), let boundary = parameters["boundary"], !boundary.isEmpty {
            for child in part.children(boundary: boundary) { read(child, depth: depth + 1) }
            return
        }
        let (disposition, details) = HeaderText.parameters(part.header("content-disposition") ?? "")
        let bytes = TransferEncoding.decode(
            part.body, (part.header("content-transfer-encoding") ?? "").trimmingCharacters(in: .whitespaces))
        let name = (details["filename"] ?? parameters["name"]).map(HeaderText.decode)
        let charset = parameters["charset"] ?? "utf-8"
        if disposition != "attachment", name == nil, type == "text/plain" || type.isEmpty {
            text += Charset.decode(bytes, charset)
        } else if disposition != "attachment", name == nil, type == "text/html" {
            html = (html ?? "") + Charset.decode(bytes, charset)
        } else {
            attachments.append(.init(name: name ?? type, type: type, bytes: bytes))
        }
    }

    /// A piece of a mail: header fields, an empty line, a body.
    private struct Part {
        let headers: [(name: String, value: String)]
        let body: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) {
            var fields: [(name: String, value: String)] = []
            var rest = bytes
            while let (line, next) = Self.line(of: rest) {
                rest = next
                if line.isEmpty { break }
                if line.first == 32 || line.first == 9, !fields.isEmpty {
                    // A folded line continues; its break goes, its blank stays.
                    fields[fields.count - 1].value += String(decoding: line, as: UTF8.self)
                } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                    let value = String(decoding: line[(colon + 1)...], as: UTF8.self)
                    fields.append((String(decoding: line[..<colon], as: UTF8.self), value))
                }
            }
            headers = fields.map { ($0.name, $0.value.trimmingCharacters(in: .whitespaces)) }
            body = rest
        }

        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

        /// RFC 2046, 5.1.1. The line break before a delimiter belongs to the delimiter.
        func children(boundary: String) -> [Part] {
            let delimiter = Array("--\(boundary)".utf8)
            var children: [Part] = []
            var start: Int?
            var rest = body
            while let (line, next) = Self.line(of: rest) {
                if line.starts(with: delimiter) {
                    let tail = line.dropFirst(delimiter.count)
                    let isLast = tail.starts(with: [45, 45])
                    if isLast || tail.allSatisfy({ $0 == 32 || $0 == 9 }) {
                        if let start { children.append(Part(Self.withoutLineBreak(body[start..<line.startIndex]))) }
                        start = isLast ? nil : next.startIndex
                        if isLast { return children }
                    }
                }
                rest = next
            }
            // Never closed: what there is.
            if let start { children.append(Part(body[start...])) }
            return children
        }

        private static func withoutLineBreak(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
            var bytes = bytes
            if bytes.last == 10 { bytes.removeLast() }
            if bytes.last == 13 { bytes.removeLast() }
            return bytes
        }

        private static func line(of bytes: ArraySlice<UInt8>) -> (line: ArraySlice<UInt8>, next: ArraySlice<UInt8>)? {
            guard !bytes.isEmpty else { return nil }
            let end = bytes.firstIndex(of: 10) ?? bytes.endIndex
            var line = bytes[bytes.startIndex..<end]
            if line.last == 13 { line.removeLast() }
            return (line, end < bytes.endIndex ? bytes[(end + 1)...] : bytes[end...])
        }
    }
}

extension CapturedMessage {
    /// Takes what a mail says about itself.
    mutating func read(_ mail: ReceivedMail) {
        headers = mail.headers
        subject = mail.header("Subject")
        text = mail.text
        html = mail.html
        attachments = mail.attachments
        reference = mail.header("Message-ID")
        // The envelope's sender is a return path; people know the one in the header.
        if let shown = mail.header("From") { from = shown }
    }
}
