package import Intake

/// A body that is read as it comes, so that its size does not become our memory: who reads slowly is sent to slowly.
package struct BodyStream: Sendable {
    /// Media type without its parameters, lower case.
    package let mediaType: String
    private let chunks: @Sendable () async throws(Problem) -> [UInt8]?

    /// - Parameter next: the following bytes, nil at the end; throws `payload_too_large` or `request_timeout`.
    package init(mediaType: String, next: @escaping @Sendable () async throws(Problem) -> [UInt8]?) {
        self.mediaType = mediaType
        chunks = next
    }

    package func next() async throws(Problem) -> [UInt8]? { try await chunks() }

    /// All of it; for what can only be read as a whole.
    package func collect() async throws(Problem) -> [UInt8] {
        var bytes: [UInt8] = []
        while let chunk = try await next() { bytes += chunk }
        return bytes
    }
}

/// Lines out of chunks that know nothing of lines. CR LF counts as LF; an empty line is none.
package struct LineCutter: Sendable {
    private var rest: [UInt8] = []
    package init() {}

    package mutating func take(_ chunk: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = chunk.startIndex
        while let end = chunk[start...].firstIndex(of: 0x0A) {
            rest += chunk[start..<end]
            finish(into: &lines)
            start = end + 1
        }
        rest += chunk[start...]
        return lines
    }

    /// What stands behind the last line feed.
    package mutating func end() -> [[UInt8]] {
        var lines: [[UInt8]] = []
        finish(into: &lines)
        return lines
    }

    private mutating func finish(into lines: inout [[UInt8]]) {
        if rest.last == 0x0D { rest.removeLast() }
        if !rest.isEmpty { lines.append(rest) }
        rest = []
    }
}
