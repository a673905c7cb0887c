import API
import Foundation
import Intake
import Policy
import Testing

/// The document says what the code does: each of them is looked up in the other.
struct OpenAPITests {
    private let api: OpenAPI

    init() throws { api = try OpenAPI(OpenAPI.bytes) }

    /// Routes of the documentation for people are no part of the API.
    private func isProse(_ route: Route) -> Bool { route.pattern.hasPrefix("/docs/") }

    @Test func everyRouteIsDocumentedAsItIs() async throws {
        try await withFront { front in
            for route in front.table.routes where !isProse(route) {
                let name = "\(route.method.rawValue) \(route.pattern)"
                guard let operation = api.operations.first(where: { "\($0.method) \($0.path)" == name }) else {
                    Issue.record("\(name) is not documented")
                    continue
                }
                #expect(operation.members["x-scope"]?.plain == scope(of: route), "scope of \(name)")
                let query = api.parameters(of: operation).filter { $0["in"]?.plain == "query" }
                    .compactMap { $0["name"]?.plain }
                #expect(query.sorted() == route.query.sorted(), "query of \(name)")
                let inPath = api.parameters(of: operation).filter { $0["in"]?.plain == "path" }
                #expect(inPath.count == route.pattern.count { $0 == "{" }, "path of \(name)")
                // A body that may be left out and means nothing is not documented.
                if case .optionalJSON = route.body, operation.members["requestBody"] == nil { continue }
                #expect(bodyLimit(of: operation) == bodyLimit(of: route), "body of \(name)")
                #expect(mediaTypes(of: operation) == mediaTypes(of: route), "types of \(name)")
            }
        }
    }

    private func scope(of route: Route) -> String? {
        switch route.access {
        case .open: nil
        case .scope(let scope): scope.rawValue
        }
    }

    private func bodyLimit(of route: Route) -> Int? {
        switch route.body {
        case .none: nil
        case .json(let limit), .optionalJSON(let limit), .stream(_, let limit): limit
        }
    }

    private func bodyLimit(of operation: OpenAPI.Operation) -> Int? {
        if case .number(let text)? = operation.members["x-body-limit"] { Int(text) } else { nil }
    }

    private func mediaTypes(of route: Route) -> [String] {
        switch route.body {
        case .none: []
        case .json, .optionalJSON: ["application/json"]
        case .stream(let types, _): types.sorted()
        }
    }

    private func mediaTypes(of operation: OpenAPI.Operation) -> [String] {
        (operation.members["requestBody"]?["content"]?.members ?? []).map(\.name).sorted()
    }

    @Test func everyOperationHasItsOwnNameAndBothLanguages() {
        let ids = api.operations.map(\.id)
        #expect(Set(ids).count == ids.count && !ids.contains(""))
        for operation in api.operations {
            for member in ["summary", "x-summary-en"] {
                #expect(operation.members[member]?.plain?.isEmpty == false, "\(member) of \(operation.id)")
            }
            #expect(operation.members["description"]?.plain?.contains("\n\n") == true, "\(operation.id)")
        }
    }

    /// Codes that no operation of today gives: they come with broadcasts.
    private let later: Set<ProblemCode> = [.guestListOnly]

    @Test func everyCodeIsDocumentedWithItsStatus() throws {
        var seen: Set<ProblemCode> = []
        for operation in api.operations {
            for (status, answer) in api.answers(of: operation) {
                for text in (answer["x-codes"]?.items ?? []).compactMap(\.plain) {
                    let code = try #require(ProblemCode(rawValue: text), "\(text) of \(operation.id)")
                    seen.insert(code)
                    // In the query a wrong value is 400; a batch of which nothing was taken is 422, whatever was wrong.
                    // The connection says by the same codes that a head is too large, and that an answer took too long.
                    let moved =
                        (code == .invalidValue && status == "400") || (code == .preconditionFailed && status == "428")
                        || (operation.id == "sendBatch" && status == "422")
                        || (code == .payloadTooLarge && status == "431") || (code == .internal && status == "503")
                    #expect(moved || status == "\(code.status)", "\(text) of \(operation.id)")
                }
            }
        }
        #expect(seen == Set(ProblemCode.allCases).subtracting(later))
        let listed = api.json["components"]?["schemas"]?["Problem"]?["properties"]?["code"]?["enum"]?.items.compactMap(
            \.plain)
        #expect(listed.map(Set.init) == Set(ProblemCode.allCases.map(\.rawValue)))
    }

    @Test func everyRefusalIsAProblem() {
        for operation in api.operations where operation.members["x-scope"]?.plain != nil {
            for (status, answer) in api.answers(of: operation) where status >= "400" {
                let isProblem = answer["content"]?["application/problem+json"] != nil
                #expect(isProblem, "\(status) of \(operation.id)")
            }
        }
    }

    @Test func isServedAsItIs() async throws {
        try await withFront { front in
            let reply = await front.wire.ask("GET", "/openapi.json", key: nil)
            #expect(reply.status == 200 && reply.headers["content-type"] == "application/json")
            #expect(reply.body == OpenAPI.bytes)
        }
    }
}
