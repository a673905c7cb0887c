import Domain
import Intake

/// The description of the API for programs and for people, and a page for each error code. Open: nothing here is about
/// anybody.
package struct DocsResource: Sendable {
    package init() {}

    package var routes: [Route] {
        [
            Route(.get, "/openapi.json", .open) { _ in
                Answer(200, headers: [("content-type", "application/json")], body: .bytes(OpenAPI.bytes))
            },
            Route(.get, "/docs/api", .open, query: ["lang"]) { call throws(Problem) in
                .html(200, Self.pages[try Self.language(call)] ?? [])
            },
            Route(.get, "/docs/errors", .open, query: ["lang"]) { call throws(Problem) in
                .html(200, ErrorPage.index(try Self.language(call)))
            },
            Route(.get, "/docs/errors/{code}", .open, query: ["lang"]) { call throws(Problem) in
                guard let code = call.parameters["code"].flatMap(ProblemCode.init(rawValue:)) else { throw .notFound }
                return .html(200, ErrorPage(code).html(try Self.language(call)))
            },
        ]
    }

    /// Made once, when somebody first asks.
    private static let pages: [Language: [UInt8]] =
        OpenAPI.document.map { api in
            var pages: [Language: [UInt8]] = [:]
            for language in Language.allCases { pages[language] = APIPage(api, language).html }
            return pages
        } ?? [:]

    /// What the address says, else what the browser asks for.
    private static func language(_ call: Call) throws(Problem) -> Language {
        try call.query.word("lang", Language.init(rawValue:), known: Language.allCases.map(\.rawValue)) ?? call.language
    }
}
