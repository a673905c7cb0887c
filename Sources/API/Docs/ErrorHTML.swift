package import Domain
import Intake

extension ErrorPage {
    /// `/docs/errors/{code}`: the page that `type` of a problem points to.
    package func html(_ language: Language) -> [UInt8] {
        let say = { (words: Words) in words(language) }
        let again =
            code.retryable
            ? Words(ru: "Тот же запрос может пройти позже.", en: "The same request may succeed later.")
            : Words(ru: "Тот же запрос снова не пройдёт.", en: "The same request will not succeed again.")
        let body: Markup = """
            <p class="muted"><code>\(code.rawValue)</code> · HTTP \(code.status) · \(say(again))</p>
            <p>\(say(what))</p>
            <h2>\(say(Words(ru: "Почему", en: "Why")))</h2>
            <p>\(say(why))</p>
            <h2>\(say(Words(ru: "Что делать", en: "What to do")))</h2>
            <p>\(say(fix))</p>
            """
        return DocsFrame(
            title: code.title(language), language: language, path: "/docs/errors/" + code.rawValue, body: body
        ).html
    }

    /// `/docs/errors`: all of them.
    package static func index(_ language: Language) -> [UInt8] {
        let say = { (words: Words) in words(language) }
        let rows = ProblemCode.allCases.map { code -> Markup in
            """
            <tr><td><a href="/docs/errors/\(code.rawValue)?lang=\(language.rawValue)"><code>\(code.rawValue)</code></a></td>\
            <td>\(code.status)</td><td>\(code.title(language))</td></tr>

            """
        }
        let body: Markup = """
            <p>\(say(Words(
                ru: "Каждый отказ — application/problem+json (RFC 9457). Программы ветвятся по code: он не меняется.",
                en: "Every refusal is application/problem+json (RFC 9457). Programs branch on code: it never changes.")))</p>
            <div class="wide"><table>
            <thead><tr><th scope="col">code</th><th scope="col">HTTP</th>\
            <th scope="col">\(say(Words(ru: "Что это", en: "What it is")))</th></tr></thead>
            <tbody>
            \(Markup(rows))</tbody>
            </table></div>
            """
        return DocsFrame(
            title: Words(ru: "Коды ошибок", en: "Error codes")(language), language: language, path: "/docs/errors",
            body: body
        ).html
    }
}
