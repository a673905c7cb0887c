import Domain
import Foundation
import Rendering
import Settings
import Testing

/// The texts that a resident gets: every template, every sample, every channel.
@Suite("Templates as shipped")
struct TemplatesShippedTests {
    static let folder =
        URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path + "/Templates"
    static let ids = ["e-receipt", "outage-emergency", "outage-planned", "outage-restored", "payment-reminder"]

    static let full = RenderingContext(
        organisation: .init(
            name: "УК «Наш дом»", phone: "88005553535", site: "https://dom.example", payURL: "https://pay.dom.example",
            address: "г. Казань, ул. Ленина, 1", hours: "по будням с 9 до 18", emergencyPhone: "+78435550112"),
        recipientName: "Анна Сергеевна", account: "0045-12", preferencesURL: "https://dom.example/p/7Fq2xK9aLwe",
        unsubscribeURL: "https://dom.example/u/7Fq2xK9aLwe")
    static let least = RenderingContext(organisation: .init(name: "УК «Наш дом»", phone: "88005553535"))

    struct Case: Sendable, CustomTestStringConvertible {
        let template: Template, sample: TemplateSample, channel: Channel
        var testDescription: String { "\(template.ref.id) \(sample.name) \(channel.rawValue)" }
    }
    static let cases: [Case] = {
        guard let shelf = try? TemplateFolder(folder: folder) else { return [] }
        return shelf.ids.compactMap(shelf.current).flatMap { template in
            template.samples.flatMap { sample in
                template.channels.map { Case(template: template, sample: sample, channel: $0) }
            }
        }
    }()

    @Test func allAreThere() throws {
        #expect(TemplateFolder.problems(in: Self.folder) == [])
        let shelf = try TemplateFolder(folder: Self.folder)
        #expect(shelf.ids == Self.ids)
        for id in Self.ids {
            let template = try #require(shelf.current(id))
            #expect(template.purpose.text == id.replacingOccurrences(of: "-", with: "_"))
            #expect([Channel.sms, .email, .max, .telegram, .vk].allSatisfy(template.supports))
            #expect(template.supports(.maxChat) == id.hasPrefix("outage"))
            #expect(
                template.samples.map(\.name).contains("typical") && template.samples.map(\.name).contains("longest"))
        }
        #expect(Self.cases.count > 50)
    }

    @Test(arguments: cases) func everySampleOnEveryChannel(_ one: Case) throws {
        for context in [Self.full, Self.least] {
            let content = try one.template.render(
                one.channel, locale: "ru", variables: one.sample.values, context: context)
            let all = [content.subject ?? "", content.text, content.html ?? ""]
            for text in all {
                #expect(!text.contains("{{") && !text.contains("}}}") && !text.contains("\u{FFFD}"))
                #expect(!text.contains("\n\n\n"), "\(text)")
            }
            #expect(!content.text.contains(" .") && !content.text.contains(" ,") && !content.text.contains("  "))
            #expect(content.text.contains(one.channel == .email ? "УК «Наш дом»" : "8"))
            if one.channel == .email { try check(mail: content) }
            if one.channel.isGroup {
                #expect(!content.text.contains("Анна") && !content.text.contains("0045-12"))
                #expect(content.buttons.isEmpty)
            }
            if let html = content.html { try checkWellFormed(html) }
        }
    }

    private func check(mail: Content) throws {
        let subject = try #require(mail.subject), html = try #require(mail.html)
        #expect((10...240).contains(subject.count) && subject.utf8.allSatisfy { $0 >= 0x20 })
        #expect(html.utf8.count < 60_000)
        for needed in [
            "<html lang=\"ru\">", "color-scheme", "prefers-color-scheme: dark", "scope=\"row\"", "@media print",
            "href=\"tel:+78",
        ] {
            #expect(html.contains(needed), "\(needed)")
        }
        // What touches safety, or is our duty to say, has no way out of it and says so.
        let mandatory = html.contains("отключить их нельзя") || html.contains("Отказаться от таких сообщений нельзя")
        #expect(!mandatory || !html.contains("/u/"))
        #expect(mandatory == mail.text.contains("нельзя"))
        #expect(!html.contains("<img") && !html.contains("http://"))
        // Nothing smaller than 16 px anywhere.
        for piece in html.components(separatedBy: "font-size:").dropFirst() {
            let pixels = try #require(Int(piece.drop { $0 == " " }.prefix { $0.isNumber }))
            #expect(pixels >= 16)
        }
        #expect(!mail.text.contains("<") && !mail.text.contains("&"))
    }

    /// Through a check that shares no code with the compiler.
    private func checkWellFormed(_ html: String) throws {
        var text = html.replacingOccurrences(of: "<!doctype html>", with: "")
        for void in ["meta", "br", "hr"] {
            text = text.replacingOccurrences(of: "<\(void)([^>]*)>", with: "<\(void)$1/>", options: .regularExpression)
        }
        let fault = TagBalance.firstFault(in: "<root>\(text)</root>")
        #expect(fault == nil, "\(fault ?? "")")
    }

    @Test(arguments: cases.filter { $0.channel == .sms }) func smsParts(_ one: Case) throws {
        let preview = try one.template.preview(.sms, sample: one.sample, context: Self.full)
        let parts = try #require(preview.sms)
        #expect(parts.encoding == .ucs2)
        #expect(parts.parts <= (one.sample.name == "longest" ? 4 : 2), "\(parts.units): \(preview.content.text)")
    }

    @Test(arguments: ids) func wayOutWhereThereIsOne(_ id: String) throws {
        let template = try #require(try TemplateFolder(folder: Self.folder).current(id))
        let sample = try #require(template.samples.first)
        let mail = try template.render(.email, locale: "ru", variables: sample.values, context: Self.full)
        for text in [mail.text, mail.html ?? ""] {
            #expect(text.contains("https://dom.example/p/"))
            #expect(text.contains("https://dom.example/u/") != id.hasPrefix("outage"))
        }
    }

    @Test(arguments: ["payment-reminder", "e-receipt"]) func amountAndDateComeFirst(_ id: String) throws {
        let template = try #require(try TemplateFolder(folder: Self.folder).current(id))
        for sample in template.samples {
            let mail = try template.render(.email, locale: "ru", variables: sample.values, context: Self.full)
            let head = mail.text.split(separator: "\n", omittingEmptySubsequences: false).prefix(3).joined(
                separator: "\n")
            #expect(head.contains("руб.") && head.contains("15 декабря 2026"))
            #expect(mail.text.contains("31-го дня") || mail.text.contains("начнут начислять пени"))
        }
    }

    @Test(arguments: ["typical"]) func golden(_ name: String) throws {
        let shelf = try TemplateFolder(folder: Self.folder)
        func text(_ id: String, _ channel: Channel) throws -> String {
            let template = try #require(shelf.current(id))
            let sample = try #require(template.samples.first { $0.name == name })
            return try template.render(channel, locale: "ru", variables: sample.values, context: Self.full).text
        }
        #expect(
            try text("payment-reminder", .sms)
                == "УК «Наш дом»: к оплате 3250,50 руб. до 15.12, за ноябрь 2026. pay.dom.example/Ab3xK Вопросы: 8 800 555-35-35"
        )
        #expect(
            try text("outage-emergency", .sms)
                == "Авария: нет холодной воды, ул. Ленина, 12, подъезды 1 и 2. Починим 24.11 к 18:00. Звоните +7 843 555-01-12 УК «Наш дом»"
        )
        #expect(
            try text("outage-emergency", .maxChat) == """
                ⚠️ Авария: нет холодной воды

                Где: ул. Ленина, 12, подъезды 1 и 2
                Началось: 24\u{A0}ноября, 10:15
                Починим: 24\u{A0}ноября, к 18:00
                Причина: порыв трубы в подвале

                Закройте, пожалуйста, краны.

                Мы уже работаем. Напишем, когда всё восстановим.
                Аварийная служба, круглосуточно: +7\u{A0}843\u{A0}555-01-12.
                УК «Наш дом»
                """)
    }

    @Test func hostileValuesStayText() throws {
        let template = try #require(try TemplateFolder(folder: Self.folder).current("outage-emergency"))
        var values = try #require(template.samples.first).values
        values["where"] = .text("</td><script>alert(1)</script>\r\nBcc: x www.evil.ru \"\u{301}onclick=x {{#what}}")
        for channel in template.channels {
            let content = try template.render(channel, locale: "ru", variables: values, context: Self.full)
            if let html = content.html {
                #expect(!html.contains("<script") && !html.contains("www.evil.ru"))
                try checkWellFormed(html)
            }
            #expect(content.subject.map { !$0.utf8.contains(10) && !$0.utf8.contains(13) } ?? true)
            #expect(content.text.contains("{{#what}}"))
        }
    }
}
