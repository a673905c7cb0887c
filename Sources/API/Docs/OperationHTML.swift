import Domain
import Intake

/// One operation on the page of the API.
struct OperationHTML {
    let api: OpenAPI
    let language: Language

    func summary(_ operation: OpenAPI.Operation) -> String {
        let name =
            switch language {
            case .ru: "summary"
            case .en: "x-summary-en"
            }
        return operation.members[name]?.plain ?? ""
    }

    func section(_ operation: OpenAPI.Operation) -> Markup {
        """
        <section aria-labelledby="\(operation.id)">
        <h3 id="\(operation.id)"><code>\(operation.method) \(operation.path)</code></h3>
        <p>\(summary(operation)). \(byParagraph(operation.members["description"], language))</p>
        \(access(operation))\(parameters(operation))\(examples(operation))\(answers(operation))</section>

        """
    }

    private func say(_ ru: String, _ en: String) -> String { Words(ru: ru, en: en)(language) }

    private func access(_ operation: OpenAPI.Operation) -> Markup {
        var facts: [Markup] = []
        if let scope = operation.members["x-scope"]?.plain {
            facts.append("\(say("Право ключа", "Scope of the key")): <code>\(scope)</code>")
        } else {
            facts.append("\(say("Без ключа", "No key"))")
        }
        if case .number(let limit)? = operation.members["x-body-limit"], let bytes = Int(limit) {
            facts.append("\(say("тело до", "body up to")) \(bytes >> 10) \(say("КиБ", "KiB"))")
        }
        return "<p class=\"muted\">\(Markup(facts.enumerated().map { $0 > 0 ? " · \($1)" : $1 }))</p>\n"
    }

    private func parameters(_ operation: OpenAPI.Operation) -> Markup {
        let rows = api.parameters(of: operation).map { parameter -> Markup in
            let place = parameter["in"]?.plain ?? "", needed = parameter["required"] == .bool(true)
            let example = parameter["example"].map { $0.plain ?? $0.indented } ?? ""
            return """
                <tr><td><code>\(parameter["name"]?.plain ?? "")</code></td>\
                <td>\(place)\(needed ? say(", обязателен", ", required") : "")</td>\
                <td>\(halved(parameter["description"], language))</td><td><code>\(example)</code></td></tr>

                """
        }
        if rows.isEmpty { return "" }
        return """
            <h4>\(say("Параметры", "Parameters"))</h4>
            <div class="wide"><table><thead><tr><th scope="col">\(say("Имя", "Name"))</th>\
            <th scope="col">\(say("Где", "Where"))</th><th scope="col">\(say("Что это", "What it is"))</th>\
            <th scope="col">\(say("Пример", "Example"))</th></tr></thead>
            <tbody>
            \(Markup(rows))</tbody></table></div>

            """
    }

    private func examples(_ operation: OpenAPI.Operation) -> Markup {
        let contents = operation.members["requestBody"]?["content"]?.members ?? []
        let blocks = contents.flatMap { content -> [Markup] in
            let many = content.value["examples"]?.members.compactMap { $0.value["value"] } ?? []
            return (many + [content.value["example"]].compactMap { $0 }).map { example in
                """
                <p class="muted">Content-Type: <code>\(content.name)</code></p>
                <pre tabindex="0"><code>\(example.plain ?? example.indented)</code></pre>

                """
            }
        }
        if blocks.isEmpty { return "" }
        return "<h4>\(say("Тело", "Body"))</h4>\n\(Markup(blocks))"
    }

    private func answers(_ operation: OpenAPI.Operation) -> Markup {
        let answers = api.answers(of: operation)
        let rows = answers.map { status, answer -> Markup in
            let codes = (answer["x-codes"]?.items ?? []).compactMap(\.plain).map { code -> Markup in
                "<a href=\"/docs/errors/\(code)?lang=\(language.rawValue)\"><code>\(code)</code></a> "
            }
            return """
                <tr><td>\(status)</td><td>\(halved(answer["description"], language)) \(Markup(codes))</td></tr>

                """
        }
        let good = answers.filter { $0.status.utf8.first == UInt8(ascii: "2") }.flatMap { _, answer in
            (answer["content"]?.members ?? []).compactMap { content in
                content.value["example"].map { example -> Markup in
                    "<pre tabindex=\"0\"><code>\(example.plain ?? example.indented)</code></pre>\n"
                }
            }
        }
        return """
            <h4>\(say("Ответы", "Answers"))</h4>
            <div class="wide"><table><thead><tr><th scope="col">HTTP</th>\
            <th scope="col">\(say("Когда, и какие коды", "When, and which codes"))</th></tr></thead>
            <tbody>
            \(Markup(rows))</tbody></table></div>
            \(Markup(good))
            """
    }
}
