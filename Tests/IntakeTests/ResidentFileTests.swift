import Domain
import Foundation
import GatewayTesting
import Testing

@testable import Intake

struct ResidentFileTests {
    static let defaults = ResidentFile.Defaults(
        timeZone: "Europe/Moscow", purposes: [.news, .paymentReminder, PurposeID("e_receipt")!], by: "cli:test",
        file: "r.csv")

    static func read(_ text: String) throws -> ResidentFile { try read(Array(text.utf8)) }
    static func read(_ bytes: [UInt8], _ defaults: ResidentFile.Defaults = defaults) throws -> ResidentFile {
        try ResidentFile(bytes, defaults: defaults, ids: IDSource(), at: .noon)
    }

    @Test func everyColumnIsRead() throws {
        let file = try Self.read(
            """
            id;name;locale;time_zone;house;entrance;riser;flat;phone;email;max;telegram;max_chat;consents
            ls:1;Анна Иванова;tt;Asia/Yekaterinburg;lenina-12;1;2;45;8 (912) 345-67-89 | +7 912 000 00 00;A@Почта.РФ;100;200;;news:email=granted@2026-03-02|e_receipt:*=refused
            house:lenina-12;;;;lenina-12;;;;;;;;-700;
            """)
        #expect(file.errors.isEmpty)
        let anna = try #require(file.recipients.first)
        #expect(anna.id.text == "ls:1" && anna.name == "Анна Иванова" && anna.locale == "tt")
        #expect(anna.timeZone == "Asia/Yekaterinburg")
        #expect(anna.premises == Premises(house: "lenina-12", entrance: "1", riser: "2", flat: "45"))
        #expect(
            try anna.destinations == [
                Destination(.sms, "+79123456789"), Destination(.sms, "+79120000000"),
                Destination(.email, "A@xn--80a1acny.xn--p1ai"), Destination(.max, "100"), Destination(.telegram, "200"),
            ])
        let house = file.recipients[1]
        #expect(try house.destinations == [Destination(.maxChat, "-700")])
        #expect(house.locale == "ru" && house.timeZone == "Europe/Moscow")

        #expect(file.consents.map(\.purpose.text) == ["news", "e_receipt"])
        #expect(file.consents.map(\.channel) == [.email, nil])
        #expect(file.consents.map(\.action) == [.granted, .refused])
        #expect(file.consents.map(\.source) == [.import, .import])
        #expect(file.consents.map(\.evidence) == ["r.csv:2", "r.csv:2"])
        #expect(file.consents[0].occurredAt.ISO8601Format() == "2026-03-01T21:00:00Z")
        #expect(file.consents[1].occurredAt == .noon && file.consents[1].recordedAt == .noon)
        #expect(file.consents.allSatisfy { $0.recipient.text == "ls:1" && $0.recordedBy == "cli:test" })
    }

    @Test func columnsComeInAnyOrderAndMayBeMissing() throws {
        let file = try Self.read("Phone, ID\n8 912 345-67-89, ls:1\n,ls:2\n")
        #expect(file.errors.isEmpty)
        #expect(file.recipients.map(\.destinations.count) == [1, 0])
    }

    @Test func windows1251FromAnOffice() throws {
        let name: [UInt8] = [0xC0, 0xED, 0xED, 0xE0]
        let file = try Self.read(Array("id;name\r\nls:1;".utf8) + name + [0x0D, 0x0A])
        #expect(file.recipients.first?.name == "Анна")
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let header: String, row: String, column: String, says: String
        init(_ header: String, _ row: String, _ column: String, _ says: String) {
            (self.header, self.row, self.column, self.says) = (header, row, column, says)
        }
        var testDescription: String { "\(header): \(row)" }
    }
    static let bad = [
        Bad("id;phone", ";+79123456789", "id", "ls:0045-12"),
        Bad("id", "a\u{202E}b", "id", "видимого"),
        Bad("id;phone", "ls:1;12345", "phone", "5 цифр"),
        Bad("id;phone", "ls:1;+79123456789|1", "phone", "1 цифр"),
        Bad("id;phone", "ls:1;8 912 345-67-89 доб 5", "phone", "лишние"),
        Bad("id;email", "ls:1;anna", "email", "имя@домен"),
        Bad("id;email", "ls:1;\"a@b.ru\r\nBcc: x@y.ru\"", "email", "имя@домен"),
        Bad("id;max", "ls:1;@anna", "max", "цифрами"),
        Bad("id;max_chat", "ls:1;chat", "max_chat", "цифрами"),
        Bad("id;time_zone", "ls:1;Europe/Moskow", "time_zone", "Europe/Moscow"),
        Bad("id;time_zone", "ls:1;UTC+3", "time_zone", "пояса"),
        Bad("id;locale", "ls:1;русский", "locale", "ru"),
        Bad("id;name", "ls:1;\"a\nb\"", "name", "строка"),
        Bad("id;flat", "ls:1;5", "house", "нет дома"),
        Bad("id;phone", "ls:1;+79123456789;x", "", "больше"),
        Bad("id;consents", "ls:1;news", "consents", "цель:канал"),
        Bad("id;consents", "ls:1;news=granted", "consents", "цель:канал"),
        Bad("id;consents", "ls:1;nwes:*=granted", "consents", "news"),
        Bad("id;consents", "ls:1;news:mail=granted", "consents", "email"),
        Bad("id;consents", "ls:1;news:*=yes", "consents", "granted"),
        Bad("id;consents", "ls:1;news:*=granted@2026-02-30", "consents", "2026-03-02"),
        Bad("id;consents", "ls:1;news:*=granted@2027-01-01", "consents", "будущем"),
        Bad("id;consents", "ls:1;news:*=granted@вчера", "consents", "2026-03-02"),
    ]

    @Test(arguments: bad) func wrongCellNamesRowAndColumn(test: Bad) throws {
        let file = try Self.read(
            test.header + "\nls:0" + String(repeating: ";", count: test.header.filter { $0 == ";" }.count) + "\n"
                + test.row + "\n")
        let error = try #require(file.errors.first)
        #expect(file.errors.count == 1)
        #expect(error.row == 3)
        #expect(error.column == test.column)
        #expect(error.words.ru.contains(test.says), "\(error.words.ru)")
        #expect(error.words.en != error.words.ru)
        #expect(file.recipients.map(\.id.text) == ["ls:0"], "the good row is there, the wrong one is not")
        #expect(file.consents.isEmpty)
    }

    @Test(arguments: [
        ("id;fone\nls:1;1", "fone", "phone"), ("name\nАнна", "id", "id"), ("id;id\n1;2", "id", "повторяется"),
    ])
    func badHeader(text: String, column: String, says: String) throws {
        let file = try Self.read(text)
        let error = try #require(file.errors.first)
        #expect(error.row == 1 && error.column == column)
        #expect(error.words.ru.contains(says))
        #expect(file.recipients.isEmpty)
    }

    @Test func theSameIDTwiceIsAnError() throws {
        let file = try Self.read("id\nй\nи\u{306}\n")
        #expect(file.recipients.count == 1)
        #expect(file.errors.first?.row == 3)
        #expect(file.errors.first?.words.en.contains("row 2") == true)
    }

    @Test func severalErrorsOfARowAreToldTogether() throws {
        let file = try Self.read("id;phone;email;time_zone\nls:1;1;a;Nowhere\n")
        #expect(file.errors.map(\.column) == ["time_zone", "phone", "email"])
    }

    /// The file that the demonstration imports is one that users would write.
    @Test func theDemoFileIsGood() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../Config/demo/residents.csv"
        ).standardized
        let names = ["outage_emergency", "outage_planned", "outage_restored", "e_receipt", "news", "survey", "meeting"]
        var defaults = Self.defaults
        defaults.purposes.formUnion(names.compactMap { PurposeID($0) })
        let file = try Self.read(Array(try Data(contentsOf: path)), defaults)
        #expect(file.errors.isEmpty, "\(file.errors.prefix(3))")
        #expect(file.recipients.count > 100)
    }
}
