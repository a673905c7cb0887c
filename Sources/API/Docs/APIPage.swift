package import Domain
import Intake

/// `/docs/api`: the OpenAPI document as one page for people. All routes in a table first, then each with its parameters,
/// an example and every answer.
package struct APIPage: Sendable {
    let api: OpenAPI
    let language: Language

    package init(_ api: OpenAPI, _ language: Language) {
        self.api = api
        self.language = language
    }

    package var html: [UInt8] {
        let tags = api.json["tags"]?.items ?? []
        let body: Markup = """
            \(paragraph(api.json["info"]?["description"]))
            \(Markup(tags.map(table)))
            \(Markup(tags.flatMap { operations(of: $0).map(OperationHTML(api: api, language: language).section) }))
            """
        return DocsFrame(
            title: Words(ru: "API для программ", en: "The API for programs")(language), language: language,
            path: "/docs/api", body: body
        ).html
    }

    private func operations(of tag: JSON) -> [OpenAPI.Operation] {
        api.operations.filter { $0.members["tags"]?.items.first == tag["name"] }
    }

    private func table(_ tag: JSON) -> Markup {
        let rows = operations(of: tag).map { operation -> Markup in
            """
            <tr><td><code>\(operation.method)</code></td><td><a href="#\(operation.id)"><code>\(operation.path)</code></a></td>\
            <td>\(OperationHTML(api: api, language: language).summary(operation))</td></tr>

            """
        }
        return """
            <h2>\(halved(tag["description"], language))</h2>
            <div class="wide"><table>
            <thead><tr><th scope="col">\(Words(ru: "Метод", en: "Method")(language))</th>\
            <th scope="col">\(Words(ru: "Адрес", en: "Path")(language))</th>\
            <th scope="col">\(Words(ru: "Что делает", en: "What it does")(language))</th></tr></thead>
            <tbody>
            \(Markup(rows))</tbody></table></div>

            """
    }

    private func paragraph(_ text: JSON?) -> Markup { "<p>\(byParagraph(text, language))</p>" }
}

/// `Русское · English`: the half in this language. A text without the sign is for both.
func halved(_ text: JSON?, _ language: Language) -> String { part(of: text, " · ", language) }

/// A Russian paragraph, an empty line, an English one.
func byParagraph(_ text: JSON?, _ language: Language) -> String { part(of: text, "\n\n", language) }

private func part(of text: JSON?, _ sign: String, _ language: Language) -> String {
    let text = Array((text?.plain ?? "").utf8), sign = Array(sign.utf8)
    guard let cut = text.indices.first(where: { text[$0...].starts(with: sign) }) else {
        return String(decoding: text, as: UTF8.self)
    }
    return switch language {
    case .ru: String(decoding: text[..<cut], as: UTF8.self)
    case .en: String(decoding: text[(cut + sign.count)...], as: UTF8.self)
    }
}
