/// `multipart/form-data` (RFC 7578): fields and files of an upload.
struct Multipart: Sendable {
    struct Field: Sendable {
        let name: String
        let fileName: String?
        let type: String
        let bytes: [UInt8]
    }

    let fields: [Field]

    /// nil when the type is another or names no boundary.
    init?(_ body: [UInt8], contentType: String) {
        let (type, parameters) = HeaderText.parameters(contentType)
        guard type == "multipart/form-data", let boundary = parameters["boundary"], !boundary.isEmpty else {
            return nil
        }
        fields = Self.split(body, Array("--\(boundary)".utf8)).compactMap(Self.field)
    }

    subscript(name: String) -> String? {
        fields.first { $0.name == name && $0.fileName == nil }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    func file(_ name: String) -> Field? { fields.first { $0.name == name } }

    private static func split(_ body: [UInt8], _ delimiter: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start: Int?
        var index = 0
        while let found = find(delimiter, in: body, from: index) {
            // The line break before the delimiter belongs to it.
            if let start, found - 2 >= start { pieces.append(body[start..<(found - 2)]) }
            index = found + delimiter.count
            if body[index...].starts(with: [45, 45]) { break }
            index = body[index...].firstIndex(of: 10).map { $0 + 1 } ?? body.endIndex
            start = index
        }
        return pieces
    }

    /// At the start of a line only.
    private static func find(_ delimiter: [UInt8], in body: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + delimiter.count <= body.count {
            guard let dash = body[index...].firstIndex(of: delimiter[0]) else { return nil }
            if dash == 0 || body[dash - 1] == 10, body[dash...].starts(with: delimiter) { return dash }
            index = dash + 1
        }
        return nil
    }

    private static func field(_ piece: ArraySlice<UInt8>) -> Field? {
        var rest = piece
        var disposition: [String: String] = [:]
        var type = "text/plain"
        while let end = rest.firstIndex(of: 10) {
            var line = rest[rest.startIndex..<end]
            rest = rest[(end + 1)...]
            if line.last == 13 { line.removeLast() }
            if line.isEmpty { break }
            let text = String(decoding: line, as: UTF8.self)
            let halves = text.split(separator: ":", maxSplits: 1).map { $0.drop { $0 == " " } }
            guard halves.count == 2 else { continue }
            switch halves[0].lowercased() {
            case "content-disposition": disposition = HeaderText.parameters(String(halves[1])).parameters
            case "content-type": type = String(halves[1])
            default: continue
            }
        }
        return disposition["name"].map {
            Field(name: $0, fileName: disposition["filename"], type: type, bytes: Array(rest))
        }
    }
}
