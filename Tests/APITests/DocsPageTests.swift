import API
import Domain
import Foundation
import Intake
import Testing

struct DocsPageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// docs/errors.md and the pages are the same words.
    @Test func theTableForReadersAgrees() throws {
        let text = try String(contentsOf: Self.root.appending(path: "docs/errors.md"), encoding: .utf8)
        let sections = text.components(separatedBy: "\n## ").dropFirst()
        #expect(sections.count == ProblemCode.allCases.count)
        for (code, section) in zip(ProblemCode.allCases, sections) {
            let page = ErrorPage(code)
            let again = code.retryable ? "повторить можно · retryable" : "не повторять · not retryable"
            let expected = [
                code.rawValue, "\(code.status) · \(again)",
                "**\(code.title(.ru)).** \(page.what.ru)", "Почему: \(page.why.ru)",
                "Что делать: \(page.fix.ru)", "**\(code.title(.en)).** \(page.what.en)", "Why: \(page.why.en)",
                "What to do: \(page.fix.en)",
            ]
            #expect(section.split(separator: "\n").map(String.init) == expected, "\(code.rawValue)")
        }
    }

    @Test(arguments: ProblemCode.allCases, Language.allCases)
    func aCodeHasAPage(_ code: ProblemCode, _ language: Language) throws {
        let html = String(decoding: ErrorPage(code).html(language), as: UTF8.self)
        try expectSound(html, language)
        #expect(html.contains("<h1>\(code.title(language))</h1>") && html.contains("<code>\(code.rawValue)</code>"))
    }

    @Test(arguments: Language.allCases) func thePageOfTheAPINamesEveryOperation(_ language: Language) throws {
        let api = try OpenAPI(OpenAPI.bytes)
        let html = String(decoding: APIPage(api, language).html, as: UTF8.self)
        try expectSound(html, language)
        for operation in api.operations {
            #expect(html.contains("<h3 id=\"\(operation.id)\">") && html.contains("href=\"#\(operation.id)\""))
        }
        let hasCyrillic = html.unicodeScalars.contains { (0x410...0x44F).contains($0.value) }
        #expect(hasCyrillic, "examples are Russian in both languages")
        #expect(html.contains("Право ключа") == (language == .ru))
        #expect(html.contains("Scope of the key") == (language == .en))
    }

    @Test(arguments: Language.allCases) func theIndexLeadsToEveryCode(_ language: Language) throws {
        let html = String(decoding: ErrorPage.index(language), as: UTF8.self)
        try expectSound(html, language)
        for code in ProblemCode.allCases { #expect(html.contains("href=\"/docs/errors/\(code.rawValue)?lang=")) }
    }

    @Test(arguments: [
        ("/docs/errors/not_found", 200, "<html lang=\"ru\">"),
        ("/docs/errors/not_found?lang=en", 200, "<html lang=\"en\">"),
        ("/docs/api", 200, "sendMessage"), ("/docs/api?lang=en", 200, "Accept one message"),
        ("/docs/errors", 200, "queue_full"),
        ("/docs/errors/nothing_like_it", 404, "not_found"), ("/docs/api?lang=de", 400, "invalid_value"),
        ("/docs/errors/%3Cscript%3E", 404, "not_found"),
    ])
    func isServed(_ target: String, _ status: Int, _ part: String) async throws {
        try await withFront { front in
            let reply = await front.wire.ask("GET", target, key: nil)
            #expect(reply.status == status && reply.text.contains(part))
            guard status == 200 else { return }
            #expect(reply.headers["content-security-policy"]?.contains("default-src 'none'") == true)
        }
    }

    /// Every element is closed in its order, ids are unique, and nothing is loaded or run.
    private func expectSound(_ html: String, _ language: Language) throws {
        #expect(html.hasPrefix("<!doctype html>\n<html lang=\"\(language.rawValue)\">"))
        for word in ["<script", "src=", "@import", "url(", "onclick", "style=\""] { #expect(!html.contains(word)) }
        var open: [String] = [], ids: Set<String> = []
        for match in html.matches(of: #/<(\/?)([a-z0-9]+)((?: [a-z-]+="[^"<>]*")*)>/#) {
            let name = String(match.2)
            let id = match.3.firstMatch(of: #/ id="([^"]*)"/#)
            if let id { #expect(ids.insert(String(id.1)).inserted, "\(id.1) twice") }
            if ["meta"].contains(name) { continue }
            if match.1.isEmpty { open.append(name) } else { #expect(open.popLast() == name) }
        }
        #expect(open.isEmpty)
        #expect(ids.contains("main"))
    }
}
