import ArgumentParser
import Domain
import Foundation
import Intake
import Rendering
import Settings

struct TemplateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template", abstract: "Шаблоны · templates", subcommands: [List.self, Preview.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Какие есть · what there is")
        @OptionGroup var options: HouseOptions

        func run() async throws {
            try await report(in: options.language) {
                let settings = try LoadedSettings.load(options)
                let shelf = settings.templates
                var table =
                    settings.language == .ru
                    ? Table("ШАБЛОН", "ЦЕЛЬ", "КАНАЛЫ", "ПЕРЕМЕННЫЕ (* обязательные)")
                    : Table("TEMPLATE", "PURPOSE", "CHANNELS", "VARIABLES (* required)")
                for template in shelf.ids.compactMap(shelf.current) {
                    let line = TemplateLine(template)
                    if options.json { Console.print(JSONText.line(line)) }
                    table.add(
                        line.id, line.purpose, line.channels.joined(separator: ","),
                        line.variables.joined(separator: ", "))
                }
                if !options.json { Console.print(table.render()) }
            }
        }
    }

    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Как увидит житель · as the resident will see it")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Шаблон · template") var id: String
        @Option(help: "Пример данных; без него — все · sample, all of them without it") var sample: String?
        @Option(help: "Каналы: sms,max,email · channels") var channel: String?
        @Option(help: "Язык шаблона · locale of the template") var locale = "ru"

        func run() async throws {
            try await report(in: options.language) {
                let settings = try LoadedSettings.load(options)
                let shelf = settings.templates
                guard let template = shelf.current(id) else {
                    throw unknown(id, among: shelf.ids, ru: "шаблона", en: "template")
                }
                let samples = template.samples.filter { sample == nil || $0.name == sample }
                guard !samples.isEmpty else {
                    throw unknown(sample ?? "", among: template.samples.map(\.name), ru: "примера", en: "sample")
                }
                let channels = try channels(of: template)
                for sample in samples { try show(template, sample, channels, settings) }
            }
        }

        private func channels(of template: Template) throws -> [Channel] {
            guard let channel else { return [] }
            return try channel.split(separator: ",").map { name in
                guard let channel = Channel(rawValue: String(name)), template.supports(channel) else {
                    throw unknown(String(name), among: template.channels.map(\.rawValue), ru: "канала", en: "channel")
                }
                return channel
            }
        }

        private func show(
            _ template: Template, _ sample: TemplateSample, _ channels: [Channel], _ settings: LoadedSettings
        ) throws {
            do throws(Problem) {
                let preview = TemplatePreview(template, organisation: settings.organisation)
                for preview in try preview(sample, channels: channels, locale: locale) {
                    let line = PreviewLine(template, preview)
                    Console.print(options.json ? JSONText.line(line) : line.text(settings.language))
                }
            } catch {
                throw Failure(
                    .badData, ru: "\(template.ref.id), \(sample.name): \(error.detail.ru)",
                    en: "\(template.ref.id), \(sample.name): \(error.detail.en)")
            }
        }

        private func unknown(_ name: String, among known: [String], ru: String, en: String) -> Failure {
            Failure.unknown(ru: "\(ru) «\(name)» нет", en: "no \(en) \"\(name)\"", name, among: known)
        }
    }
}

struct TemplateLine: Encodable {
    var id: String
    var version: String
    var purpose: String
    var channels: [String]
    var variables: [String]
    var samples: [String]
    init(_ template: Template) {
        id = template.ref.id
        version = template.ref.version
        purpose = template.purpose.text
        channels = template.channels.map(\.rawValue)
        variables = template.variables.map { $0.required ? $0.name + "*" : $0.name }
        samples = template.samples.map(\.name)
    }
}

struct PreviewLine: Encodable {
    var template: String
    var sample: String
    var channel: String
    var subject: String?
    var text: String
    var html: String?
    var buttons: [Button]
    var sms_parts: Int?
    var sms_units: Int?
    var encoding: String?

    init(_ template: Template, _ preview: Rendering.Preview) {
        self.template = template.ref.id
        sample = preview.sample
        channel = preview.channel.rawValue
        subject = preview.content.subject
        text = preview.content.text
        html = preview.content.html
        buttons = preview.content.buttons
        sms_parts = preview.sms?.parts
        sms_units = preview.sms?.units
        encoding = preview.sms.map { "\($0.encoding)" }
    }

    func text(_ language: Language) -> String {
        var head = "── \(template) · \(sample) · \(channel)"
        if let sms_parts, let sms_units, let encoding {
            head += Words(
                ru: " · \(encoding), знаков \(sms_units), частей \(sms_parts)",
                en: " · \(encoding), \(sms_units) units, \(sms_parts) parts")(language)
        }
        if let html {
            head += Words(
                ru: " · HTML \(html.utf8.count / 1024 + 1) КБ", en: " · HTML \(html.utf8.count / 1024 + 1) KB")(
                    language)
        }
        var lines = [head]
        if let subject { lines.append(Words(ru: "Тема: ", en: "Subject: ")(language) + subject) }
        lines.append(text)
        lines += buttons.map { "[ \($0.title) ] → \($0.url)" }
        return lines.joined(separator: "\n") + "\n"
    }
}
