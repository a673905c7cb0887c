import Domain
import HTTPTypes
import Hummingbird
import Intake
import NIOCore

/// What a connection says where it ends before a handler could answer: a problem like any other, in the language of the
/// house, because the wishes of the caller may not have come.
struct Farewell: Sendable {
    let reception: Reception

    func callAsFunction(_ problem: Problem) -> (head: HTTPResponse, body: ByteBuffer) {
        let id = reception.requestID(at: reception.now())
        reception.refused(problem, id)
        let body = problem.json(reception.language, requestID: id)
        var response = Responder.response(problem, [.requestID: id, .connection: "close"], reception.language, id)
        response.headers[.contentLength] = "\(body.count)"
        return (HTTPResponse(status: response.status, headerFields: response.headers), ByteBuffer(bytes: body))
    }
}

extension Problem {
    /// 408: the caller sends too slowly.
    static let tooSlow = Problem(
        .requestTimeout,
        Words(
            ru: "запрос шёл дольше, чем ему отведено, и не принят: пришлите его снова, большой — частями",
            en: "the request took longer than it may and was not taken: send it again, a large one in parts"))

    /// 503: ours was the delay.
    static let noAnswerInTime = Problem(
        .internal, status: 503,
        Words(
            ru: "ответ не готов вовремя, и принят ли запрос, неизвестно: повторите с тем же Idempotency-Key",
            en:
                "the answer took too long, whether the request was taken is not known: repeat it with the same Idempotency-Key"
        ))

    /// 431
    static let headTooLarge = Problem(
        .payloadTooLarge, status: 431,
        Words(
            ru: "заголовки больше предела: 16 КиБ на каждый, 64 КиБ и 200 штук на запрос",
            en: "the headers are over the limit: 16 KiB for each, 64 KiB and 200 of them for a request"))
}
