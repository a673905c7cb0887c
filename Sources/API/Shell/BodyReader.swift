import Domain
import HTTPTypes
import Hummingbird
import Intake
import NIOCore
import Synchronization

/// Reads a body by the rule of its route: type, coding and size are looked at before the first byte is kept.
struct BodyReader {
    let request: Request
    let rule: Route.Body

    /// Empty for routes that read none, or as it comes.
    func bytes() async throws(Problem) -> [UInt8] {
        switch rule {
        case .none, .stream: return []
        case .json(let limit):
            try check(["application/json"], limit: limit)
            return try await collect(limit)
        case .optionalJSON(let limit):
            if request.headers[.contentType] != nil { try check(["application/json"], limit: limit) }
            return try await collect(limit)
        }
    }

    func stream() throws(Problem) -> BodyStream? {
        guard case .stream(let types, let limit) = rule else { return nil }
        let type = try check(types, limit: limit)
        let source = ChunkSource(request.body, limit: limit)
        return BodyStream(mediaType: type) { () async throws(Problem) in try await source.next() }
    }

    /// - Returns: the media type without its parameters.
    @discardableResult
    private func check(_ types: [String], limit: Int) throws(Problem) -> String {
        let header = request.headers[.contentType] ?? ""
        let bytes = header.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 }
        let type = String(decoding: bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        guard types.contains(type) else {
            let known = types.joined(separator: ", ")
            throw Problem(
                .unsupportedMediaType,
                Words(ru: "нужен заголовок Content-Type: \(known)", en: "the header Content-Type: \(known) is needed"))
        }
        // Nothing is inflated: a few bytes could become gigabytes.
        guard request.headers[.contentEncoding] == nil, (request.headers[.transferEncoding] ?? "chunked") == "chunked"
        else {
            throw Problem(
                .unsupportedMediaType,
                Words(ru: "тело принимается несжатым, без Content-Encoding", en: "no compressed bodies are taken"))
        }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw .tooLarge(limit)
        }
        return type
    }

    private func collect(_ limit: Int) async throws(Problem) -> [UInt8] {
        do {
            let buffer = try await request.body.collect(upTo: limit)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw .tooLarge(limit)
        } catch {
            throw .cutShort
        }
    }
}

/// The chunks of one body, taken one after another by one handler.
private final class ChunkSource: Sendable {
    private let limit: Int
    private let taken = Atomic<Int>(0)
    // One handler reads, and never two chunks at once: a body has one reader.
    private nonisolated(unsafe) var iterator: RequestBody.AsyncIterator

    init(_ body: RequestBody, limit: Int) {
        self.limit = limit
        iterator = body.makeAsyncIterator()
    }

    func next() async throws(Problem) -> [UInt8]? {
        let chunk: ByteBuffer?
        do { chunk = try await iterator.next() } catch { throw .cutShort }
        guard let chunk else { return nil }
        guard taken.add(chunk.readableBytes, ordering: .relaxed).newValue <= limit else { throw .tooLarge(limit) }
        return Array(chunk.readableBytesView)
    }
}

extension Problem {
    static func tooLarge(_ limit: Int) -> Problem {
        let size = limit >= 1 << 20 ? "\(limit >> 20) MiB" : "\(limit >> 10) KiB"
        return Problem(
            .payloadTooLarge,
            Words(
                ru: "тело больше \(size): разделите запрос или пришлите пакет по частям",
                en: "the body is larger than \(size): split it"))
    }

    /// Nobody is likely to read it: the other side has gone.
    static let cutShort = Problem(
        .invalidJSON, Words(ru: "тело запроса оборвалось", en: "the body ended before it was complete"))
}
