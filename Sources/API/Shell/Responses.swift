import Domain
import HTTPTypes
import Hummingbird
import Intake
import NIOCore

extension Responder {
    static func response(_ answer: Answer, _ common: HTTPFields) -> Response {
        var headers = common
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        let body: ResponseBody
        switch answer.body {
        case .none: body = ResponseBody()
        case .bytes(let bytes): body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        case .stream(let chunks):
            body = ResponseBody { writer in
                for await chunk in chunks { try await writer.write(ByteBuffer(bytes: chunk)) }
                try await writer.finish(nil)
            }
        case .pages(let pages):
            body = ResponseBody { writer in
                for try await page in pages { try await writer.write(ByteBuffer(bytes: page)) }
                try await writer.finish(nil)
            }
        }
        headers[.xContentTypeOptions] = "nosniff"
        // What is told about residents is kept by nobody on the way.
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        return Response(status: .init(code: answer.status), headers: headers, body: body)
    }

    static func response(_ problem: Problem, _ common: HTTPFields, _ language: Language, _ id: String) -> Response {
        var headers = common
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        headers[.contentLanguage] = language.rawValue
        if headers[.retryAfter] == nil, let wait = problem.retryAfter { headers[.retryAfter] = "\(wait)" }
        // The rest of a body that is too large is not read: the connection ends with the answer.
        if problem.status == 413 || problem.status == 408 { headers[.connection] = "close" }
        return Response(
            status: .init(code: problem.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: problem.json(language, requestID: id))))
    }
}

extension Problem {
    /// Seconds after which the very same request may succeed; nil where it never will.
    var retryAfter: Int? {
        guard code.retryable else { return nil }
        switch code {
        case .idempotencyInProgress: return 1
        case .queueFull, .storageFull: return 30
        default: return 5
        }
    }
}
