import Domain
import HTTPTypes
import Hummingbird
import Intake
import Policy

/// Every request takes this way: route, guard, pace, body, handler, answer. What goes wrong on it is a problem document;
/// nothing of what was sent in is repeated in a log.
struct Responder: HTTPResponder {
    typealias Context = CallContext

    let table: RouteTable
    let reception: Reception
    let pace: Pace

    func respond(to request: Request, context: Context) async throws -> Response {
        let now = reception.now()
        let language = Self.language(request.headers[.acceptLanguage]) ?? reception.language
        let id = reception.requestID(at: now)
        var headers = HTTPFields()
        headers[.requestID] = id
        let response: Response
        do throws(Problem) {
            let answer = try await answer(
                request, from: context.address, &headers, now: now, language: language, id: id)
            response = Self.response(answer, headers)
        } catch {
            reception.refused(error, id)
            response = Self.response(error, headers, language, id)
        }
        // What stood behind the head would be read as the answer to the next request.
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(
        _ request: Request, from address: String?, _ headers: inout HTTPFields, now: Moment, language: Language,
        id: String
    ) async throws(Problem) -> Answer {
        let target = request.head.path ?? "/"
        let path = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        let rest = target.utf8.dropFirst(path.count + 1)
        let route: Route, parameters: [String: String]
        switch table.find(Method(asking: request.method), path) {
        case .route(let found, let values): (route, parameters) = (found, values)
        case .otherMethods(let methods):
            headers[.allow] = methods.map(\.rawValue).sorted().joined(separator: ", ")
            throw .methodNotAllowed(methods)
        case .nothing: throw .notFound
        }
        try Self.refuseRepeated(request)
        let caller = try await admit(request, from: address, by: route.access, now: now, &headers)
        let query = try Query(rest, known: route.query)
        let reader = BodyReader(request: request, rule: route.body)
        let call = Call(
            parameters: parameters, query: query, headers: Headers(telling: request.headers),
            body: try await reader.bytes(), stream: try reader.stream(), caller: caller, now: now, language: language,
            requestID: id)
        return try await route.handler(call)
    }

    private func admit(
        _ request: Request, from address: String?, by access: Route.Guard, now: Moment, _ headers: inout HTTPFields
    ) async throws(Problem) -> Caller? {
        let scope: Scope
        switch access {
        case .open: return nil
        case .scope(let needed): scope = needed
        }
        // By bytes, and only this way: a key in the query or in a cookie is none.
        let prefix = Array("bearer ".utf8)
        let given = Array((request.headers[.authorization] ?? "").utf8)
        let isBearer =
            given.count > prefix.count && zip(given, prefix).allSatisfy { $0 | ($1 == 0x20 ? 0 : 0x20) == $1 }
        let key = isBearer ? Array(given.dropFirst(prefix.count)) : []
        let caller = try await stored { () async throws(StoreError) in
            try await reception.doorkeeper.caller(showing: key, from: address, at: now)
        }
        guard let caller else {
            headers[.wwwAuthenticate] = "Bearer"
            throw .unauthorized
        }
        let standing = pace.take(from: caller.key, at: now.uptime)
        headers[.rateLimitPolicy] = standing.policy
        headers[.rateLimit] = standing.header
        if let wait = standing.wait {
            headers[.retryAfter] = "\(wait)"
            throw .tooFast(wait)
        }
        guard caller.may(scope) else { throw .lacks(scope) }
        return caller
    }

    /// Of two values, two programs on the way could each go by another.
    private static func refuseRepeated(_ request: Request) throws(Problem) {
        // The first `Host` has become the authority of the request.
        let isTwice = request.headers[.host] != nil || request.headers[values: .idempotencyKey].count > 1
        guard !isTwice else {
            throw Problem(
                .invalidValue, status: 400,
                Words(
                    ru: "заголовок Host или Idempotency-Key повторяется: оставьте один",
                    en: "the header Host or Idempotency-Key is there twice: leave one"))
        }
    }

    /// The first language that we speak; `*` and all others are the house's own.
    static func language(_ header: String?) -> Language? {
        for part in (header ?? "").utf8.split(separator: UInt8(ascii: ",")) {
            let tag = part.drop { $0 == 0x20 }.prefix(2)
            if let language = Language(rawValue: String(decoding: tag, as: UTF8.self)) { return language }
        }
        return nil
    }
}

extension Headers {
    /// Those that handlers read.
    init(telling fields: HTTPFields) {
        var values: [String: String] = [:]
        for name in [HTTPField.Name.idempotencyKey, .ifMatch, .lastEventID, .userAgent] {
            if let value = fields[name] { values[name.canonicalName] = value }
        }
        self.init(values)
    }
}

extension HTTPField.Name {
    static let idempotencyKey = Self("idempotency-key")!
    static let host = Self("host")!
    static let lastEventID = Self("last-event-id")!
    static let requestID = Self("x-request-id")!
    static let rateLimit = Self("ratelimit")!
    static let rateLimitPolicy = Self("ratelimit-policy")!
}

extension Problem {
    static func methodNotAllowed(_ methods: [Method]) -> Problem {
        let known = methods.map(\.rawValue).sorted().joined(separator: ", ")
        return Problem(
            .notFound, status: 405,
            Words(ru: "здесь отвечают на \(known)", en: "this place answers \(known)"))
    }

    static func lacks(_ scope: Scope) -> Problem {
        Problem(
            .forbiddenScope,
            Words(
                ru: "у ключа нет права \(scope.rawValue); права называют при создании: vestnik keys create --scope",
                en:
                    "the key lacks the scope \(scope.rawValue); scopes are named at creation: vestnik keys create --scope"
            ))
    }

    static func tooFast(_ seconds: Int) -> Problem {
        Problem(
            .quotaExceeded,
            Words(
                ru: "слишком много запросов с этим ключом; повторите через \(seconds) с",
                en: "too many requests with this key; repeat in \(seconds) s"))
    }
}
