import Domain
@testable import Rendering
import Testing

@Suite("Rendering")
struct RenderTests {
    static let name = VariableDeclaration("name", .text)
    static let maybe = VariableDeclaration("maybe", .text, required: false)

    func text(
        _ source: String, _ values: Variables = ["name": .text("Анна")],
        variables: [VariableDeclaration] = [name, maybe],
        partials: [String: String] = [:]
    ) throws -> String {
        try text(.sms, .sms, source, values, variables: variables, partials: partials)
    }

    func text(
        _ channel: Channel, _ part: Part, _ source: String, _ values: Variables = ["name": .text("Анна")],
        variables: [VariableDeclaration] = [name, maybe], context: RenderingContext = .sample,
        partials: [String: String] = [:]
    ) throws -> String {
        let template = try Template(.sample(part, source, variables: variables, partials: partials))
        let content = try template.render(channel, locale: "ru", variables: values, context: context)
        return part == .subject ? content.subject ?? "" : content.html ?? content.text
    }

    @Test func slotsAndSections() throws {
        #expect(try text("Привет, {{name}}!") == "Привет, Анна!")
        #expect(try text("{{ name }}") == "Анна")
        #expect(try text("a{{! не видно }}b") == "ab")
        #expect(try text("{{#maybe}}есть {{maybe}}{{/maybe}}{{^maybe}}нет{{/maybe}}") == "нет")
        #expect(
            try text("{{#maybe}}есть {{maybe}}{{/maybe}}", ["name": .text("x"), "maybe": .text("да")]) == "есть да")
        // What nobody can see is not there.
        #expect(try text("{{^maybe}}нет{{/maybe}}", ["name": .text("x"), "maybe": .text(" \u{200B}")]) == "нет")
        #expect(try text("{{#name}}{{#name}}1{{/name}}2{{/name}}3") == "123")
        #expect(try text("{{#name}}1{{/name}}2{{#maybe}}3{{/maybe}}4{{^maybe}}5{{/maybe}}6") == "12456")
    }

    @Test func aLineWithOnlyASectionTagLeavesNoLine() throws {
        #expect(try text("a\n{{#name}}\nb\n  {{/name}}\nc\n{{! x }}\nd") == "a\nb\nc\nd")
        #expect(try text("a\n{{#maybe}}\nb\n{{/maybe}}\n\nc") == "a\n\nc")
        #expect(try text("a\r\n{{#name}}\r\nb\r\n{{/name}}\r\nc") == "a\nb\nc")
        #expect(try text("{{name}}\nb") == "Анна\nb")
    }

    @Test func loops() throws {
        let rows = VariableDeclaration(
            "rows", .list,
            fields: [VariableDeclaration("title", .text), VariableDeclaration("sum", .money, required: false)])
        let values: Variables = [
            "name": .text("Анна"),
            "rows": .list([["title": .text("Вода"), "sum": .text("10.50")], ["title": .text("Свет")]]),
        ]
        let source = "{{#rows}}\n{{title}}{{#sum}}: {{sum|money}}{{/sum}} ({{name}})\n{{/rows}}\nвсё"
        #expect(try text(source, values, variables: [Self.name, rows]) == "Вода: 10,50 руб. (Анна)\nСвет (Анна)\nвсё")
        #expect(
            try text("{{^rows}}пусто{{/rows}}", ["name": .text("x"), "rows": .list([])], variables: [Self.name, rows])
                == "пусто")
    }

    @Test func partials() throws {
        let files = ["ru/foot.txt": "— {{org.name}}", "shared/foot.txt": "чужой", "shared/all.txt": "{{> foot.txt}}"]
        #expect(try text("{{name}} {{> foot.txt}}", partials: files) == "Анна — УК «Наш дом»")
        #expect(try text("{{> all.txt}}", partials: files) == "— УК «Наш дом»")
    }

    @Test func valuesAreNeverTemplates() throws {
        let hostile = "{{#x}} {{{y}}} {{> z}} {{name}}"
        #expect(try text("{{name}}", ["name": .text(hostile)]) == hostile)
    }

    @Test func subjectIsOneLine() throws {
        let values: Variables = ["name": .text("Счёт\r\nBcc: evil@example.ru\r\n\r\n<b>")]
        let subject = try text(.email, .subject, "Для {{name}}\n", values)
        #expect(subject.utf8.elementsEqual("Для Счёт Bcc: evil@ example. ru <b>".utf8))
    }

    @Test func placeDecidesTheEscape() throws {
        let quote = "\"\u{301} onmouseover=x"
        let html = try text(.email, .mailHTML, "<p title=\"{{name}}\">{{name}}</p>", ["name": .text(quote)])
        #expect(
            html.utf8.elementsEqual("<p title=\"&quot;\u{301} onmouseover=x\">&quot;\u{301} onmouseover=x</p>".utf8))
        #expect(html.utf8.count { $0 == UInt8(ascii: "\"") } == 2)
    }

    @Test func linksInMarkup() throws {
        let variables = [Self.name, VariableDeclaration("url", .url), VariableDeclaration("tel", .phone)]
        let values: Variables = [
            "name": .text("a b&c"), "url": .text("https://dom.ru/?a=1&b=2"), "tel": .text("8 800 555-35-35"),
        ]
        let source =
            "<a href=\"{{url}}\">{{url|bare}}</a><a href='tel:{{tel}}'>{{tel|phone}}</a><a href=\"https://x.ru/?q={{name}}\">x</a>"
        #expect(
            try text(.email, .mailHTML, source, values, variables: variables)
                == "<a href=\"https://dom.ru/?a=1&amp;b=2\">dom.ru/?a=1&amp;b=2</a><a href='tel:+78005553535'>8\u{A0}800\u{A0}555-35-35</a><a href=\"https://x.ru/?q=a%20b%26c\">x</a>"
        )
        let wrong = values.merging(["url": .text("javascript:alert(1)")]) { $1 }
        #expect(throws: RenderingError.variable(VariableProblem(path: "url", fault: .wrongType(.url)))) {
            try text(.email, .mailHTML, source, wrong, variables: variables)
        }
    }

    @Test func residentsWordsMakeNoLinkButOursDo() throws {
        let source = "{{name}} {{#org.site}}{{org.site|bare}}{{/org.site}}"
        #expect(try text(source, ["name": .text("www.evil.ru")]) == "www. evil. ru dom.example")
    }

    @Test func missingValueIsAnErrorNotBlankText() throws {
        #expect(throws: RenderingError.variable(VariableProblem(path: "name", fault: .missing))) {
            try text("{{name}}", [:])
        }
    }

    @Test func tooLongIsAnErrorNotACut() throws {
        let long: Variables = ["name": .text(String(repeating: "я", count: 4_690))]
        #expect(throws: RenderingError.tooLong(.sms, limit: 4_000)) { try text("{{name}}", long) }
        let parts: Variables = ["name": .text(String(repeating: "я", count: 67 * 5))]
        #expect(throws: RenderingError.tooManyParts(5, limit: 4)) { try text("{{name}}", parts) }
    }

    @Test func localesFallBackToRussianAsAWhole() throws {
        let source = TemplateSource(
            id: "test", purpose: "news", variables: [],
            parts: [
                "ru": ["sms.txt": "рус", "subject.txt": "рус", "email.html": "<p>рус</p>"],
                "tt": ["sms.txt": "тат"],
            ])
        let template = try Template(source)
        func sms(_ locale: String) throws -> String {
            try template.render(.sms, locale: locale, variables: [:], context: .bare).text
        }
        #expect(try sms("ru") == "рус")
        #expect(try sms("tt") == "тат")
        #expect(try sms("tt-RU") == "тат")
        #expect(try sms("kk") == "рус")
        #expect(try sms("") == "рус")
        #expect(try template.render(.email, locale: "tt", variables: [:], context: .bare).subject == "рус")
    }

    @Test func channelsAndTheirParts() throws {
        let template = try Template(.sample(.messenger, "<b>{{name}}</b>"))
        #expect(template.channels == [.max, .telegram, .vk])
        #expect(throws: RenderingError.noText(.sms)) {
            try template.render(.sms, locale: "ru", variables: [:], context: .bare)
        }
        #expect(throws: RenderingError.notForGroups) {
            try template.render(.maxChat, locale: "ru", variables: ["name": .text("x")], context: .bare)
        }
        let content = try template.render(.max, locale: "ru", variables: ["name": .text("A & <b>")], context: .bare)
        #expect(content.html == "<b>A &amp; &lt;b&gt;</b>")
        #expect(content.text == "A & <b>")
    }

    @Test func aGroupReadsNothingPersonal() throws {
        let variables = [VariableDeclaration("what", .text), VariableDeclaration("flat", .text, personal: true)]
        let open = TemplateSource.sample(
            .messenger,
            "{{what}}{{#flat}}, кв. {{flat}}{{/flat}}{{#recipient.name}} {{recipient.name}}{{/recipient.name}}",
            variables: variables, group: true)
        let values: Variables = ["what": .text("Нет воды"), "flat": .text("45")]
        let template = try Template(open)
        #expect(try template.render(.maxChat, locale: "ru", variables: values, context: .sample).text == "Нет воды")
        #expect(
            try template.render(.max, locale: "ru", variables: values, context: .sample).text
                == "Нет воды, кв. 45 Анна Сергеевна")
        // Required, but not to be counted on where it is hidden.
        #expect(throws: TemplateError(file: "test/ru/messenger.html", line: 1, fault: .mayBeMissing("flat"))) {
            try Template(.sample(.messenger, "{{flat}}", variables: variables, group: true))
        }
    }

    @Test func buttonsTakeTheFirstLinkThatIsThere() throws {
        var source = TemplateSource.sample(
            .messenger, "x", variables: [VariableDeclaration("pay", .url, required: false)])
        source.buttons = [
            ButtonDeclaration(title: ["ru": "Оплатить"], urls: ["pay", "org.pay_url"]),
            ButtonDeclaration(title: ["ru": "Настроить"], urls: ["link.preferences"]),
        ]
        let template = try Template(source)
        func buttons(_ values: Variables, _ context: RenderingContext) throws -> [Button] {
            try template.render(.max, locale: "ru", variables: values, context: context).buttons
        }
        #expect(
            try buttons(["pay": .text("https://a.ru/1")], .sample) == [
                Button(title: "Оплатить", url: "https://a.ru/1"),
                Button(title: "Настроить", url: "https://dom.example/p/7Fq2xK9aLwe"),
            ])
        #expect(try buttons([:], .sample).first?.url == "https://pay.dom.example")
        #expect(try buttons([:], .bare) == [])
    }

    @Test func textOfAMailWithoutItsOwn() throws {
        let template = try Template(
            .sample(
                .mailHTML,
                "<!doctype html><html><head><title>нет</title><style>p{}</style></head><body><h1>Раз &amp; два</h1>\n<p>Текст <b>жирный</b></p><table><tr><th>Вода</th><td>10&nbsp;₽</td></tr></table><a href=\"https://a.ru/?x=1&amp;y=2\">Оплатить</a></body></html>"
            ))
        let content = try template.render(.email, locale: "ru", variables: ["name": .text("x")], context: .bare)
        #expect(content.text == "Раз & два\nТекст жирный\nВода 10\u{A0}₽\nОплатить: https://a.ru/?x=1&y=2")
    }

    @Test func previewCounts() throws {
        let template = try Template(.sample(.sms, "Привет, {{name}}"))
        let preview = try template.preview(
            .sms, sample: TemplateSample("one", ["name": .text("Анна")]), context: .bare)
        #expect(preview.content.text == "Привет, Анна")
        #expect(preview.sms?.parts == 1 && preview.sms?.units == 12 && preview.sms?.encoding == .ucs2)
    }

    @Test func organisationIsCheckedLikeVariables() {
        var organisation = RenderingContext.sample.organisation
        #expect(organisation.problems().isEmpty)
        organisation.phone = "звоните"
        organisation.payURL = "http://pay.example"
        organisation.name = "\u{200B}"
        #expect(organisation.problems().map(\.path) == ["org.name", "org.phone", "org.pay_url"])
    }
}
