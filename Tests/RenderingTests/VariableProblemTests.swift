import Domain
@testable import Rendering
import Testing

@Suite("Variables at accept")
struct VariableProblemTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let label: String, values: Variables, expected: [VariableProblem], codes: [String]
        init(
            _ label: String, _ change: Variables, without: String? = nil, _ expected: [(String, VariableProblem.Fault)],
            _ codes: [String]
        ) {
            self.label = label
            var values = VariableProblemTests.good.merging(change) { $1 }
            if let without { values[without] = nil }
            self.values = values
            self.expected = expected.map { VariableProblem(path: $0.0, fault: $0.1) }
            self.codes = codes
        }
        var testDescription: String { label }
    }

    static let declared = [
        VariableDeclaration("name", .text), VariableDeclaration("sum", .money), VariableDeclaration("due", .date),
        VariableDeclaration("url", .url, required: false), VariableDeclaration("on", .flag, required: false),
        VariableDeclaration(
            "rows", .list, fields: [VariableDeclaration("title", .text), VariableDeclaration("sum", .money)]),
    ]
    static let good: Variables = [
        "name": .text("Анна"), "sum": .text("3250.50"), "due": .text("2026-12-15"),
        "rows": .list([["title": .text("Вода"), "sum": .text("1.00")]]),
    ]
    static let rows = [
        Row("all is well", [:], [], []),
        Row("optional ones too", ["url": .text("https://a.ru"), "on": .flag(true)], [], []),
        Row("an optional one may be empty", ["url": .text("")], [], []),
        Row("line breaks are allowed", ["name": .text("a\r\nb\tc")], [], []),
        Row("missing", [:], without: "name", [("name", .missing)], ["missing_variable"]),
        Row("empty", ["name": .text("")], [("name", .missing)], ["missing_variable"]),
        Row("invisible", ["name": .text(" \u{200B}\u{202E}")], [("name", .missing)], ["missing_variable"]),
        Row("empty list", ["rows": .list([])], [("rows", .missing)], ["missing_variable"]),
        Row("decimal comma", ["sum": .text("3250,50")], [("sum", .wrongType(.money))], ["invalid_value"]),
        Row("no such day", ["due": .text("2026-02-30")], [("due", .wrongType(.date))], ["invalid_value"]),
        Row("javascript", ["url": .text("javascript:alert(1)")], [("url", .wrongType(.url))], ["invalid_value"]),
        Row("flag for text", ["name": .flag(true)], [("name", .wrongType(.text))], ["invalid_value"]),
        Row("text for list", ["rows": .text("x")], [("rows", .wrongType(.list))], ["invalid_value"]),
        Row("text for flag", ["on": .text("true")], [("on", .wrongType(.flag))], ["invalid_value"]),
        Row("NUL", ["name": .text("a\u{0}b")], [("name", .forbiddenCharacter)], ["invalid_value"]),
        Row("escape", ["name": .text("\u{1B}[31m")], [("name", .forbiddenCharacter)], ["invalid_value"]),
        Row(
            "two megabytes", ["name": .text(String(repeating: "a", count: 2_000_000))],
            [("name", .tooLong(limit: 4_000))], ["text_too_long"]),
        Row(
            "501 rows", ["rows": .list(Array(repeating: ["title": .text("x"), "sum": .text("1")], count: 501))],
            [("rows", .tooManyRows(limit: 500))], ["text_too_long"]),
        Row("stranger", ["nmae": .text("x")], [("nmae", .unknown(nearest: "name"))], ["unknown_field"]),
        Row(
            "inside a row",
            ["rows": .list([["title": .text("x"), "sum": .text("1")], ["titel": .text("x"), "sum": .text("?")]])],
            [
                ("rows/1/title", .missing), ("rows/1/sum", .wrongType(.money)),
                ("rows/1/titel", .unknown(nearest: "title")),
            ],
            ["missing_variable", "invalid_value", "unknown_field"]),
        Row(
            "several", ["sum": .text("x")], without: "due", [("sum", .wrongType(.money)), ("due", .missing)],
            ["invalid_value", "missing_variable"]),
    ]

    @Test(arguments: rows) func problems(_ row: Row) throws {
        let template = try Template(.sample(.sms, "{{name}}", variables: Self.declared))
        let problems = template.problems(in: row.values)
        #expect(problems == row.expected)
        #expect(problems.map(\.code) == row.codes)
        #expect(problems.allSatisfy { !$0.words.ru.isEmpty && !$0.words.en.isEmpty })
    }

    @Test func canonicallyEqualNamesDoNotTrap() throws {
        let template = try Template(.sample(.sms, "{{name}}"))
        let names = ["name", "й", "и\u{306}"]
        let values = Variables(names.map { ($0, Variable.text("x")) }, uniquingKeysWith: { first, _ in first })
        let problems = template.problems(in: values)
        #expect(problems.count == 1)
    }
}
