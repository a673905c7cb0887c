import Domain
@testable import Rendering
import Testing

@Suite("Templates that are refused")
struct CompileTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let part: Part, text: String, line: Int, fault: TemplateFault
        var file: String? = nil
        init(_ text: String, line: Int = 1, _ fault: TemplateFault, file: String? = nil) {
            self.init(.sms, text, line: line, fault, file: file)
        }
        init(_ part: Part, _ text: String, line: Int = 1, _ fault: TemplateFault, file: String? = nil) {
            self.part = part
            self.text = text
            self.line = line
            self.fault = fault
            self.file = file
        }
        var testDescription: String { "\(part.rawValue): \(text.debugDescription)" }
    }

    static let braces = [
        Row("a\n{{name", line: 2, .unclosedTag), Row("{{name\n}}", .unclosedTag), Row("{{", .unclosedTag),
        Row("{{}}", .emptyTag), Row("{{ | money}}", .emptyTag), Row("{{{name}}}", .rawOutput),
        Row(.mailHTML, "<p>\n{{&name}}</p>", line: 2, .rawOutput), Row(.messenger, "{{{name}}}", .rawOutput),
        Row("{{=<% %>=}}", .changedDelimiters), Row("{{Name}}", .badName("Name")),
        Row("{{name.first.last}}", .badName("name.first.last")), Row("{{имя}}", .badName("имя")),
    ]
    static let names = [
        Row("\n\n{{nmae}}", line: 3, .undeclared("nmae", nearest: "name")),
        Row("{{zzzzzzzz}}", .undeclared("zzzzzzzz", nearest: nil)),
        Row("{{org.nme}}", .undeclared("org.nme", nearest: "org.name")),
        Row("{{sum|mony}}", .badFilter("mony", nearest: "money")),
        Row("{{sum}}", .needsFilter("sum", filters: ["money"])),
        Row("{{name|money}}", .filterOnType(filter: "money", type: .text)),
        Row("{{count|plural:дом,дома}}", .badFilterArguments("plural")),
        Row("{{sum|money:x}}", .badFilterArguments("money")),
        Row("{{maybe}}", .mayBeMissing("maybe")), Row("{{^maybe}}{{maybe}}{{/maybe}}", .mayBeMissing("maybe")),
        Row("{{recipient.name}}", .mayBeMissing("recipient.name")), Row("{{rows}}", .listAsValue("rows")),
        Row("{{on}}", .flagAsValue("on")),
        Row("{{#rows}}{{title}}{{/rows}}{{title}}", .undeclared("title", nearest: nil)),
    ]
    static let sections = [
        Row("a\n{{#name}}\nb", line: 2, .unclosedSection("name")), Row("{{/name}}", .strayClose("name")),
        Row("{{#name}}\n{{/maybe}}", line: 2, .crossedSections(open: "name", closed: "maybe")),
        Row("{{#rows}}{{#rows}}{{/rows}}{{/rows}}", .nestedList("rows")),
        Row(String(repeating: "{{#name}}", count: 17), .tooDeep),
        Row(.mailHTML, "<p>{{#name}}</p>{{/name}}", .sectionCrossesMarkup("name")),
        Row(.mailHTML, "<p {{#name}}title=\"x\"{{/name}}></p>", .sectionCrossesMarkup("name")),
        Row(.mailHTML, "<a href=\"{{#url}}{{url}}{{/url}}\">x</a>", .sectionInLink("url")),
    ]
    static let partials = [
        Row("{{> ../../etc/passwd}}", .badPartialName("../../etc/passwd")),
        Row("{{> /etc/passwd}}", .badPartialName("/etc/passwd")),
        Row("{{> ..txt}}", .badPartialName("..txt")), Row("{{> ru/foot.txt}}", .badPartialName("ru/foot.txt")),
        Row("{{> ..\u{301}/x.txt}}", .badPartialName("..\u{301}/x.txt")),
        Row("{{> none.txt}}", .noPartial("none.txt")),
        Row("{{> self.txt}}", .includesItself("self.txt"), file: "_partials/ru/self.txt"),
        Row("{{> ping.txt}}", .includesItself("ping.txt"), file: "_partials/shared/pong.txt"),
        Row("{{> wrong.txt}}", line: 2, .undeclared("nmae", nearest: "name"), file: "_partials/ru/wrong.txt"),
        Row("{{> open.txt}}{{/name}}", .unclosedSection("name"), file: "_partials/ru/open.txt"),
        Row("{{#name}}{{> close.txt}}", .strayClose("name"), file: "_partials/ru/close.txt"),
    ]
    static let markup = [
        Row(.mailHTML, "<p title={{name}}>x</p>", .unquotedAttribute),
        Row(.mailHTML, "<p title=x>x</p>", .unquotedAttribute),
        Row(.mailHTML, "<p style=\"color:{{name}}\">x</p>", .slotInAttribute("style")),
        Row(.mailHTML, "<p onclick=\"x\">x</p>", .attributeNotAllowed("onclick")),
        Row(.mailHTML, "<{{name}}>", .slotOutsideText), Row(.mailHTML, "<p {{name}}>", .slotOutsideText),
        Row(.mailHTML, "<!-- {{name}} -->", .slotOutsideText),
        Row(.mailHTML, "<style>{{name}}</style>", .slotOutsideText),
        Row(.mailHTML, "<script>x</script>", .tagNotAllowed("script")),
        Row(.mailHTML, "<svg></svg>", .tagNotAllowed("svg")),
        Row(.mailHTML, "<img src=\"https://a.ru/x\">", .attributeNotAllowed("src")),
        Row(.mailHTML, "<a href=\"{{name}}\">x</a>", .notALink("name")),
        Row(.mailHTML, "<a href=\"javascript:{{name}}\">x</a>", .notALink("name")),
        Row(.mailHTML, "<a href=\"https://{{name}}/\">x</a>", .notALink("name")),
        Row(.mailHTML, "<a href=\"tel:{{name}}\">x</a>", .notAPhone("name")),
        Row(.mailHTML, "<p>\n<b>x</p>", line: 2, .unbalanced(open: "b", closed: "p")),
        Row(.mailHTML, "a < b", .strayLessThan), Row(.messenger, "<p>x</p>", .tagNotAllowed("p")),
        Row(.messenger, "<b class=\"x\">x</b>", .attributeNotAllowed("class")),
        Row(.messenger, "<b>x</i>", .unbalanced(open: "b", closed: "i")),
        Row(.mailHTML, "<div/>", .tagNotAllowed("div/")),
    ]

    static let variables = [
        VariableDeclaration("name", .text), VariableDeclaration("sum", .money), VariableDeclaration("count", .number),
        VariableDeclaration("maybe", .text, required: false), VariableDeclaration("on", .flag),
        VariableDeclaration("url", .url),
        VariableDeclaration("rows", .list, fields: [VariableDeclaration("title", .text)]),
    ]
    static let files = [
        "ru/self.txt": "{{> self.txt}}", "shared/ping.txt": "{{> pong.txt}}", "shared/pong.txt": "{{> ping.txt}}",
        "ru/wrong.txt": "так\n{{nmae}}", "ru/open.txt": "{{#name}}", "ru/close.txt": "{{/name}}",
    ]

    @Test(arguments: [braces, names, sections, partials, markup].flatMap(\.self))
    func refused(_ row: Row) {
        let error = #expect(throws: TemplateError.self) {
            try Template(.sample(row.part, row.text, variables: Self.variables, partials: Self.files))
        }
        #expect(error?.fault == row.fault)
        #expect(error?.line == row.line)
        #expect(error?.file == row.file ?? "test/ru/\(row.part.rawValue)")
        #expect(error.map { !$0.fault.words.ru.isEmpty && !$0.fault.words.en.isEmpty } == true)
    }

    @Test func unclosedElementNamesTheFile() {
        let error = #expect(throws: TemplateError.self) { try Template(.sample(.mailHTML, "<p>x")) }
        #expect(error == TemplateError(file: "test/ru/email.html", fault: .unbalanced(open: "p", closed: nil)))
        let broken = #expect(throws: TemplateError.self) { try Template(.sample(.mailHTML, "<p>x</p")) }
        #expect(broken?.fault == .unfinishedMarkup)
    }

    @Test func doublingPartialsEndInBoundedTime() {
        // Each includes the next one eight times: 8^8 copies if nobody counted.
        let files = Dictionary(
            uniqueKeysWithValues: (0..<8).map { level in
                ("ru/p\(level).txt", String(repeating: "{{> p\(level + 1).txt}} ", count: 8))
            } + [("ru/p8.txt", "x")])
        let error = #expect(throws: TemplateError.self) { try Template(.sample(.sms, "{{> p0.txt}}", partials: files)) }
        #expect(error?.fault == .tooDeep || error?.fault == .tooLarge)
    }

    @Test func manifestFaults() {
        func fault(_ change: (inout TemplateSource) -> Void) -> TemplateFault? {
            var source = TemplateSource.sample(.sms, "{{name}}")
            change(&source)
            do { _ = try Template(source) } catch { return error.fault }
            return nil
        }
        #expect(fault { _ in } == nil)
        #expect(fault { $0.id = "../x" } == .badID("../x"))
        #expect(fault { $0.purpose = "Новости" } == .badPurpose("Новости"))
        #expect(fault { $0.variables.append(VariableDeclaration("name", .text)) } == .repeatedName("name"))
        #expect(fault { $0.variables.append(VariableDeclaration("org", .text)) } == .reservedName("org"))
        #expect(fault { $0.variables.append(VariableDeclaration("rows", .list)) } == .badDeclaration("rows"))
        #expect(fault { $0.parts = [:] } == .noParts)
        #expect(fault { $0.parts["ru"]?["email.html"] = "x" } == .halfAMail)
        #expect(fault { $0.parts["ru"]?["sms.html"] = "x" } == .unknownPart("sms.html"))
        #expect(fault { $0.buttons = [ButtonDeclaration(title: ["ru": "Да"], urls: ["name"])] } == .badButton("Да"))
        #expect(
            fault { $0.samples = [TemplateSample("empty", [:])] }
                == .badSample("empty", VariableProblem(path: "name", fault: .missing)))
    }

    @Test func randomTemplatesNeverCrash() {
        var random = SplitMix(seed: 42)
        let words = [
            "{{", "}}", "{{#", "{{/", "{{>", "name", "|", "money", "<", ">", "</", "a", " href=", "\"", "'", "=", "\n",
            "<!--", "-->", "style", "й", "\u{301}", ":", ",", "{{!", "{{name}}", "{{#name}}", "{{/name}}", "<p>",
            "</p>",
        ]
        var compiled = 0
        for _ in 0..<20_000 {
            let text = (0..<Int(random.next() % 14)).map { _ in words[Int(random.next() % UInt64(words.count))] }
                .joined()
            let part = Part.allCases[Int(random.next() % UInt64(Part.allCases.count))]
            guard let template = try? Template(.sample(part, text)) else { continue }
            compiled += 1
            for channel in template.channels {
                _ = try? template.render(channel, locale: "ru", variables: ["name": .text("<x>\"")], context: .sample)
            }
        }
        #expect(compiled > 100)
    }
}
