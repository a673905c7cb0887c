import Domain
import Foundation
import Testing

@testable import Settings

struct PurposeFileTests {
    static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func shipped() throws -> [PurposeID: Purpose] {
        let path = project.appending(path: "Config/purposes.yaml").path()
        return try PurposeFile.read(try String(contentsOfFile: path, encoding: .utf8), file: path)
    }

    @Test func everyPurposeOfTheContractIsShipped() throws {
        let names = [
            "payment_reminder", "debt_notice", "restriction_warning", "outage_emergency", "outage_planned",
            "outage_restored", "e_receipt", "meter_request", "meeting", "service_status", "survey", "news",
            "advertising",
        ]
        let purposes = try Self.shipped()
        #expect(Set(purposes.keys.map(\.text)) == Set(names))
        for (id, purpose) in purposes {
            #expect(purpose.id == id)
            #expect(purpose.title["ru"]?.isEmpty == false && purpose.title["en"]?.isEmpty == false, "\(id)")
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let id: String, basis: Purpose.Basis, mandatory: Bool, unconfirmed: Purpose.OnUnconfirmed, priority: Priority
        let quiet: Bool
        var testDescription: String { id }
    }
    static let rows = [
        Row(
            id: "payment_reminder", basis: .contract, mandatory: false, unconfirmed: .hold, priority: .normal,
            quiet: true),
        Row(id: "debt_notice", basis: .contract, mandatory: true, unconfirmed: .hold, priority: .normal, quiet: true),
        Row(id: "restriction_warning", basis: .law, mandatory: true, unconfirmed: .hold, priority: .high, quiet: true),
        Row(
            id: "outage_emergency", basis: .vital, mandatory: true, unconfirmed: .resend, priority: .emergency,
            quiet: false),
        Row(id: "outage_planned", basis: .law, mandatory: true, unconfirmed: .resend, priority: .high, quiet: true),
        Row(id: "outage_restored", basis: .law, mandatory: true, unconfirmed: .resend, priority: .high, quiet: true),
        Row(id: "e_receipt", basis: .consent, mandatory: false, unconfirmed: .hold, priority: .normal, quiet: true),
        Row(id: "survey", basis: .consent, mandatory: false, unconfirmed: .hold, priority: .bulk, quiet: true),
        Row(id: "news", basis: .consent, mandatory: false, unconfirmed: .hold, priority: .bulk, quiet: true),
        Row(id: "advertising", basis: .consent, mandatory: false, unconfirmed: .hold, priority: .bulk, quiet: true),
    ]

    @Test(arguments: rows) func shippedDefaults(row: Row) throws {
        let purpose = try #require(try Self.shipped()[PurposeID(row.id)!])
        #expect(purpose.basis == row.basis)
        #expect(purpose.mandatory == row.mandatory)
        #expect(purpose.onUnconfirmed == row.unconfirmed)
        #expect(purpose.priority == row.priority)
        #expect((purpose.quietHours != nil) == row.quiet)
    }

    @Test func hoursOfDebtNoticesAreThoseOfTheLaw() throws {
        let hours = try #require(try Self.shipped()[PurposeID("debt_notice")!]?.quietHours)
        #expect(hours == QuietHours(workingDay: .init(from: 1320, to: 480), weekend: .init(from: 1200, to: 540)))
    }

    static let good = """
        purposes:
          news:
            title: {ru: Новости, en: News}
            basis: consent
            channels: [email, sms]
            quiet_hours: {from: 22:00, to: 08:00}
            priority: bulk
            life: 36h
            on_doubt: send
            facts_max_age: 3d
        """

    @Test func everyKeyIsRead() throws {
        let purpose = try #require(try PurposeFile.read(Self.good, file: "p.yaml")[PurposeID("news")!])
        #expect(
            purpose
                == Purpose(
                    id: PurposeID("news")!, title: ["ru": "Новости", "en": "News"], basis: .consent,
                    channels: [.email, .sms], quietHours: QuietHours(workingDay: .init(from: 1320, to: 480)),
                    onDoubt: .send, factsMaxAge: .seconds(3 * 86_400), priority: .bulk, life: .seconds(36 * 3600)))
    }

    /// One line of the good file is exchanged for a bad one; the error names line and key, and what would be right.
    @Test(arguments: [
        ("basis: consent", "basis: consnet", 4, "purposes.news.basis", "consent"),
        ("basis: consent", "basis: consent\n    mandatory: true", 2, "purposes.news", "обязательной"),
        ("basis: consent", "basis: consent\n    mandatory: no", 5, "purposes.news.mandatory", "true"),
        ("channels: [email, sms]", "channels: [email, smss]", 5, "purposes.news.channels[1]", "sms"),
        ("channels: [email, sms]", "channels: [email, email]", 5, "purposes.news.channels[1]", "повторяется"),
        ("channels: [email, sms]", "channels: []", 5, "purposes.news.channels", "хотя бы один"),
        ("channels: [email, sms]", "channels: email", 5, "purposes.news.channels", "список"),
        ("from: 22:00", "from: 25:00", 6, "purposes.news.quiet_hours.from", "ЧЧ:ММ"),
        ("from: 22:00", "from: 2200", 6, "purposes.news.quiet_hours.from", "ЧЧ:ММ"),
        ("from: 22:00", "from: 08:00", 6, "purposes.news.quiet_hours.to", "none"),
        ("{from: 22:00, to: 08:00}", "never", 6, "purposes.news.quiet_hours", "none"),
        ("{from: 22:00, to: 08:00}", "{from: 22:00, till: 08:00}", 6, "purposes.news.quiet_hours", "to"),
        ("priority: bulk", "priority: urgent", 7, "purposes.news.priority", "emergency"),
        ("life: 36h", "life: 36", 8, "purposes.news.life", "единицей"),
        ("life: 36h", "life: 10s", 8, "purposes.news.life", "366d"),
        ("on_doubt: send", "on_doubt: sent", 9, "purposes.news.on_doubt", "send"),
        ("facts_max_age: 3d", "facts_max_age: 3", 10, "purposes.news.facts_max_age", "единицей"),
        ("priority: bulk", "prority: bulk", 7, "purposes.news.prority", "priority"),
        ("title: {ru: Новости, en: News}", "title: {ru: Новости}", 3, "purposes.news.title", "en"),
        ("title: {ru: Новости, en: News}", "title: {ru: '', en: News}", 3, "purposes.news.title.ru", "текст"),
        ("  news:", "  News!:", 2, "purposes.News!", "строчные"),
        ("purposes:", "purpose:", 1, "", "purposes"),
    ])
    func badLine(was: String, becomes: String, line: Int, key: String, says: String) throws {
        let text = Self.good.replacing(was, with: becomes)
        let errors = try #require(throws: ConfigurationErrors.self) { try PurposeFile.read(text, file: "p.yaml") }
        let error = try #require(errors.all.first { $0.key == key }, "\(errors.text(.ru))")
        #expect(error.line == line)
        #expect(error.text(.ru).contains(says), "\(error.text(.ru))")
        #expect(error.text(.en) != error.text(.ru))
    }

    @Test func allProblemsAreToldAtOnce() throws {
        let text = """
            purposes:
              news: {title: {ru: Новости, en: News}, basis: nothing, channels: [pigeon], life: 5}
              bad name: {}
              survey: {title: {ru: Опрос, en: Survey}, basis: consent, channels: [max], colour: red}
            extra: 1
            """
        let errors = try #require(throws: ConfigurationErrors.self) { try PurposeFile.read(text, file: "p.yaml") }
        #expect(
            Set(errors.all.map(\.key)) == [
                "purposes.news.basis", "purposes.news.channels[0]", "purposes.news.life", "purposes.bad name",
                "purposes.survey.colour", "extra",
            ])
    }
}
