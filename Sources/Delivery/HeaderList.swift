import CCurl
import Glibc

/// The headers of one request as libcurl's list, in memory that the next request uses again: libcurl reads it until the
/// transfer has ended and does not free it. Lives as long as its handle.
struct HeaderList {
    private var nodes = UnsafeMutableBufferPointer<curl_slist>.allocate(capacity: 16)
    private var text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 1024)
    private var used = 0

    func free() {
        nodes.deallocate()
        text.deallocate()
    }

    /// - Returns: the first node, the old one if there was room; good until the next call.
    mutating func fill(_ headers: HTTPHeaders) -> UnsafeMutablePointer<curl_slist>? {
        makeRoom(Self.most + headers.count, headers.lines.count)
        used = 0
        // "Expect: 100-continue" would allow a 417, and after it a repeat.
        add(Self.expect)
        if !headers.own.contains(.contentType) { add(Self.contentType) }
        if !headers.own.contains(.userAgent) { add(Self.userAgent) }
        guard !headers.lines.isEmpty, let start = text.baseAddress else { return nodes.baseAddress }
        headers.lines.withUnsafeBytes { UnsafeMutableRawBufferPointer(text).copyMemory(from: $0) }
        var at = 0
        for _ in 0..<headers.count {
            add(start + at)
            at += strlen(start + at) + 1
        }
        return nodes.baseAddress
    }

    private mutating func add(_ line: UnsafeMutablePointer<CChar>) {
        if used > 0 { nodes[used - 1].next = nodes.baseAddress.map { $0 + used } }
        nodes[used] = curl_slist(data: line, next: nil)
        used += 1
    }

    private mutating func makeRoom(_ count: Int, _ size: Int) {
        if count > nodes.count {
            nodes.deallocate()
            nodes = .allocate(capacity: 2 * count)
        }
        if size > text.count {
            text.deallocate()
            text = .allocate(capacity: 2 * size)
        }
    }

    // Never freed and never written to: one of each for the life of the process.
    private nonisolated(unsafe) static let expect = line("Expect:")
    private nonisolated(unsafe) static let contentType = line("Content-Type:")
    private nonisolated(unsafe) static let userAgent = line("User-Agent: Vestnik")
    private static let most = 3

    private static func line(_ text: String) -> UnsafeMutablePointer<CChar> {
        guard let copy = strdup(text) else { preconditionFailure("no memory to start") }
        return copy
    }
}
