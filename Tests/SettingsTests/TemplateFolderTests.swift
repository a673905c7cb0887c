import Domain
import Foundation
import Rendering
import Settings
import Testing

@Suite("Folder of templates")
struct TemplateFolderTests {
    /// A folder that exists as long as the test runs.
    struct Folder: ~Copyable {
        let path = FileManager.default.temporaryDirectory.path + "/templates-\(UUID().uuidString)"
        init(_ files: [String: String]) throws {
            for (name, text) in files { try write(name, text) }
        }
        func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }
        func write(_ name: String, _ data: Data) throws {
            let file = path + "/" + name
            let parent = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try data.write(to: URL(fileURLWithPath: file))
        }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    static let manifest = """
        purpose: news
        variables:
          name: {type: text}
          paid: {type: flag, required: false}
        samples:
          one:
            name: Анна
            paid: true
        """
    static let good = [
        "hello/template.yaml": manifest, "hello/ru/sms.txt": "Привет, {{name}}! {{> sign.txt}}\n",
        "_partials/ru/sign.txt": "УК", "_partials/ru/unused.txt": "{{> sign.txt}}",
    ]

    @Test func readsAndRenders() throws {
        let folder = try Folder(Self.good)
        let shelf = try TemplateFolder(folder: folder.path)
        #expect(shelf.ids == ["hello"])
        let template = try #require(shelf.current("hello"))
        #expect(template.purpose.text == "news")
        #expect(template.samples == [TemplateSample("one", ["name": .text("Анна"), "paid": .flag(true)])])
        let context = RenderingContext(organisation: .init(name: "УК", phone: "112"))
        #expect(
            try template.render(.sms, locale: "ru", variables: ["name": .text("x")], context: context).text
                == "Привет, x! УК")
        #expect(template.ref.version.utf8.count == 71 && template.ref.version.utf8.starts(with: "sha256:".utf8))
        #expect(shelf.template(template.ref)?.ref == template.ref)
        #expect(shelf.current("none") == nil)
        #expect(TemplateFolder.problems(in: folder.path).isEmpty)
    }

    @Test func versionFollowsTheContentAndNothingElse() throws {
        let folder = try Folder(Self.good)
        func version() throws -> String? { try TemplateFolder(folder: folder.path).current("hello")?.ref.version }
        let first = try version()
        #expect(try version() == first)
        try folder.write("_partials/ru/unused.txt", "другой")
        try folder.write("hello/ru/.sms.txt.swp", "x")
        #expect(try version() == first)
        try folder.write("_partials/ru/sign.txt", "УК «Дом»")
        let second = try version()
        #expect(second != first)
        try folder.write("hello/template.yaml", Self.manifest + "\ngroup: true\n")
        #expect(try version() != second)
    }

    @Test func earlierVersionsComeBackFromTheArchive() throws {
        let folder = try Folder(Self.good)
        let before = try TemplateFolder(folder: folder.path)
        let old = try #require(before.current("hello")).ref
        try folder.write("hello/ru/sms.txt", "Здравствуйте, {{name}}!")
        let after = try TemplateFolder(folder: folder.path, archived: before.sources)
        #expect(after.current("hello")?.ref != old)
        let context = RenderingContext(organisation: .init(name: "УК", phone: "112"))
        let text = try after.template(old)?.render(
            .sms, locale: "ru", variables: ["name": .text("x")], context: context
        ).text
        #expect(text == "Привет, x! УК")
        #expect(after.template(TemplateRef(id: "hello", version: "sha256:00")) == nil)
        #expect(after.unreadable.isEmpty)
        #expect(after.versions(of: "hello") == [after.current("hello")?.ref.version, old.version])
        #expect(after.versions(of: "hallo").isEmpty)
    }

    @Test func archivedBytesThatWereAlteredAreNotUsed() throws {
        let folder = try Folder(Self.good)
        let (ref, source) = try #require(try TemplateFolder(folder: folder.path).sources.first)
        try folder.write("hello/ru/sms.txt", "Другой, {{name}}!")
        let altered = String(decoding: source, as: UTF8.self).replacingOccurrences(of: "Привет", with: "Прочь!")
        let shelf = try TemplateFolder(folder: folder.path, archived: [(ref, Array(altered.utf8))])
        #expect(shelf.template(ref) == nil)
        #expect(shelf.unreadable == [ref])
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        let label: String, file: String, text: String, line: Int?, says: String
        var at: String? = nil
        var testDescription: String { label }
    }
    static let broken = [
        Broken(
            label: "unknown variable", file: "hello/ru/sms.txt", text: "раз\n{{nmae}}", line: 2,
            says: "может быть, name?"),
        Broken(
            label: "in a partial", file: "_partials/ru/sign.txt", text: "\n\n{{{name}}}", line: 3,
            says: "без экранирования"),
        Broken(
            label: "self-including partial", file: "_partials/ru/sign.txt", text: "{{> sign.txt}}", line: 1,
            says: "сама себя"),
        Broken(
            label: "way out", file: "hello/ru/sms.txt", text: "{{> ../../../etc/passwd}}", line: 1,
            says: "не имя вставки"),
        Broken(
            label: "unknown key", file: "hello/template.yaml", text: manifest + "\npurpsoe: x\n", line: 9,
            says: "purpose"),
        Broken(
            label: "unknown type", file: "hello/template.yaml",
            text: "purpose: news\nvariables:\n  name: {type: txt}\n", line: 3, says: "text"),
        Broken(
            label: "bad sample", file: "hello/template.yaml",
            text: "purpose: news\nvariables:\n  name: {type: money}\nsamples:\n  one:\n    name: \"1,5\"\n", line: 5,
            says: "образец one"),
        Broken(label: "no purpose", file: "hello/template.yaml", text: "group: true\n", line: 1, says: "purpose"),
        Broken(label: "not YAML", file: "hello/template.yaml", text: "purpose: [", line: 2, says: "не YAML"),
        Broken(label: "misspelt part", file: "hello/ru/smss.txt", text: "x", line: nil, says: "может быть, sms.txt?"),
        Broken(label: "stray file", file: "hello/notes.txt", text: "x", line: nil, says: "папки языков"),
    ]

    @Test(arguments: broken) func errorsNameFileAndLine(_ row: Broken) throws {
        let folder = try Folder(Self.good)
        try folder.write(row.file, row.text)
        let error = #expect(throws: ConfigurationError.self) { try TemplateFolder(folder: folder.path) }
        #expect(error?.file == folder.path + "/" + row.file)
        #expect(error?.line == row.line)
        #expect(error?.text(.ru).contains(row.says) == true, "\(error?.text(.ru) ?? "")")
        #expect(TemplateFolder.problems(in: folder.path).first == error)
    }

    @Test func allProblemsAtOnce() throws {
        let folder = try Folder(Self.good)
        try folder.write("hello/ru/sms.txt", "{{nmae}}")
        try folder.write("other/template.yaml", "purpose: news\n")
        try folder.write("third/template.yaml", "x: y\n")
        #expect(TemplateFolder.problems(in: folder.path).count == 3)
    }

    @Test func bytesThatAreNotUTF8() throws {
        let folder = try Folder(Self.good)
        try folder.write("hello/ru/sms.txt", Data([0xCF, 0xF0, 0xE8]))
        let error = #expect(throws: ConfigurationError.self) { try TemplateFolder(folder: folder.path) }
        #expect(error?.text(.en).contains("UTF-8") == true)
    }

    @Test func missingFolder() {
        let error = #expect(throws: ConfigurationError.self) { try TemplateFolder(folder: "/nowhere/at/all") }
        #expect(error?.file == "/nowhere/at/all")
    }
}
