import Domain
import FoundationEssentials
import Testing

struct AddressTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let channel: Channel, text: String, want: Result<String, AddressError>
        init(_ channel: Channel, _ text: String, _ want: String) {
            (self.channel, self.text, self.want) = (channel, text, .success(want))
        }
        init(_ channel: Channel, _ text: String, _ want: AddressError) {
            (self.channel, self.text, self.want) = (channel, text, .failure(want))
        }
        var testDescription: String {
            "\(channel.rawValue) \(text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined().prefix(60))"
        }
    }

    static let phones = [
        Row(.sms, "+79123456789", "+79123456789"),
        Row(.sms, "8 (912) 345-67-89", "+79123456789"),
        Row(.sms, "8-912-345-67-89", "+79123456789"),
        Row(.sms, "89123456789", "+79123456789"),
        Row(.sms, "7 912 345 67 89", "+79123456789"),
        Row(.sms, "+7 (912) 345.67.89", "+79123456789"),
        Row(.sms, "9123456789", "+79123456789"),
        Row(.sms, "+7 495 123-45-67", "+74951234567"),
        Row(.sms, "8 (343) 123-45-67", "+73431234567"),
        Row(.sms, "+7 701 123 45 67", "+77011234567"),
        Row(.voice, "8 912 345 67 89", "+79123456789"),
        Row(.sms, "+70000000001", "+70000000001"),
        Row(.sms, "", .notAPhone(digits: 0)),
        Row(.sms, "912345678", .notAPhone(digits: 9)),
        Row(.sms, "4951234567", .notAPhone(digits: 10)),
        Row(.sms, "+7912345678", .notAPhone(digits: 10)),
        Row(.sms, "+791234567890", .notAPhone(digits: 12)),
        Row(.sms, "+8 912 345-67-89", .countryNotAllowed),
        Row(.sms, "+88213456789", .countryNotAllowed),
        Row(.sms, "+882 13 456 789 01", .notAPhone(digits: 13)),
        Row(.sms, "+44 20 7946 0958", .notAPhone(digits: 12)),
        Row(.sms, "+15551234567", .countryNotAllowed),
        Row(.sms, "8 800 555-35-35", .countryNotAllowed),
        Row(.sms, "8 809 555-35-35", .countryNotAllowed),
        Row(.sms, "+7 000 000 01 01", .countryNotAllowed),
        Row(.sms, "+٧٩١٢٣٤٥٦٧٨٩", .forbiddenCharacter),
        Row(.sms, "+７９１２３４５６７８９", .forbiddenCharacter),
        Row(.sms, "+7912345678\u{0}9", .forbiddenCharacter),
        Row(.sms, "+79123456789\r\n", .forbiddenCharacter),
        Row(.sms, "+7912345678\u{301}9", .forbiddenCharacter),
        Row(.sms, "+7912345678९", .forbiddenCharacter),
        Row(.sms, "++79123456789", .forbiddenCharacter),
        Row(.sms, "7912+3456789", .forbiddenCharacter),
        Row(.sms, "+7 912 345-67-89 доб. 12", .forbiddenCharacter),
        Row(.sms, "+7912345678&to=9", .forbiddenCharacter),
    ]

    static let mailboxes = [
        Row(.email, "anna@example.ru", "anna@example.ru"),
        Row(.email, "Anna.Ivanova+dom@Example.RU", "Anna.Ivanova+dom@example.ru"),
        Row(.email, "o'neil_{x}@mail.example.org", "o'neil_{x}@mail.example.org"),
        Row(.email, "info@почта.рф", "info@xn--80a1acny.xn--p1ai"),
        Row(.email, "info@ПОЧТА.РФ", "info@xn--80a1acny.xn--p1ai"),
        Row(.email, "info@бухгалтерия.онлайн", "info@xn--80abgjpq0bofu1j.xn--80asehdb"),
        Row(.email, "info@bücher.example", "info@xn--bcher-kva.example"),
        Row(.email, "info@bu\u{308}cher.example", "info@xn--bcher-kva.example"),
        Row(.email, "info@xn--80a1acny.xn--p1ai", "info@xn--80a1acny.xn--p1ai"),
        Row(.email, "info@почта。рф", "info@xn--80a1acny.xn--p1ai"),
        Row(.email, "", .notAMailbox),
        Row(.email, "anna", .notAMailbox),
        Row(.email, "@example.ru", .notAMailbox),
        Row(.email, "anna@", .notAMailbox),
        Row(.email, "a@b@c.ru", .notAMailbox),
        Row(.email, "a@b.ru\r\nBcc: x", .notAMailbox),
        Row(.email, "a@b.ru>\r\nRCPT TO:<x", .notAMailbox),
        Row(.email, "a@b.ru\r\n\u{200D}", .notAMailbox),
        Row(.email, "a\r\n\u{301}@b.ru", .localPartNotASCII),
        Row(.email, "a\r\n@b.ru", .notAMailbox),
        Row(.email, "a@b\r\n\u{301}.ru", .notAMailbox),
        Row(.email, "a@b\n.ru", .notAMailbox),
        Row(.email, "a\u{0}@b.ru", .notAMailbox),
        Row(.email, "a@b,c@d", .notAMailbox),
        Row(.email, "a,b@c.ru", .notAMailbox),
        Row(.email, "<a@b.ru>", .notAMailbox),
        Row(.email, "<\u{338}a@b.ru", .localPartNotASCII),
        Row(.email, "a b@c.ru", .notAMailbox),
        Row(.email, "a@b c.ru", .notAMailbox),
        Row(.email, "\"a b\"@c.ru", .notAMailbox),
        Row(.email, "a@[127.0.0.1]", .notAMailbox),
        Row(.email, "a@127.0.0.1", .localDomain),
        Row(.email, "a@localhost", .localDomain),
        Row(.email, "a@LOCALHOST", .localDomain),
        Row(.email, "a@db.localhost", .localDomain),
        Row(.email, "a@ru", .notAMailbox),
        Row(.email, "a@b..ru", .notAMailbox),
        Row(.email, "a@.b.ru", .notAMailbox),
        Row(.email, "a@b.ru.", .notAMailbox),
        Row(.email, "a@-b.ru", .notAMailbox),
        Row(.email, "a@b_c.ru", .notAMailbox),
        Row(.email, ".a@b.ru", .notAMailbox),
        Row(.email, "a.@b.ru", .notAMailbox),
        Row(.email, "a..b@c.ru", .notAMailbox),
        Row(.email, "анна@example.ru", .localPartNotASCII),
        Row(.email, "a@почта\u{200B}.рф", .notAMailbox),
        Row(.email, "a@поч\u{202E}та.рф", .notAMailbox),
        Row(.email, String(repeating: "a", count: 65) + "@b.ru", .notAMailbox),
        Row(.email, "a@" + String(repeating: "b", count: 64) + ".ru", .notAMailbox),
        Row(.email, "a@" + String(repeating: "b23456789.", count: 26) + "ru", .tooLong),
        Row(
            .email, String(repeating: "a", count: 30) + "@" + String(repeating: "b23456789.", count: 23) + "ru",
            .tooLong),
    ]

    static let chats = [
        Row(.max, "100200300", "100200300"),
        Row(.max, "9223372036854775807", "9223372036854775807"),
        Row(.maxChat, "-100200300", "-100200300"),
        Row(.maxChat, "100200300", "100200300"),
        Row(.telegram, "123456789", "123456789"),
        Row(.vk, "1", "1"),
        Row(.max, "9223372036854775808", .notAChat),
        Row(.max, "", .notAChat),
        Row(.max, "0", .notAChat),
        Row(.max, "007", .notAChat),
        Row(.max, "-100200300", .notAChat),
        Row(.maxChat, "-", .notAChat),
        Row(.maxChat, "--1", .notAChat),
        Row(.telegram, "@channel", .notAChat),
        Row(.telegram, "-1001234567890", .notAChat),
        Row(.telegram, "+123", .notAChat),
        Row(.telegram, "12 3", .notAChat),
        Row(.telegram, "١٢٣", .notAChat),
        Row(.telegram, "123\r\n", .notAChat),
        Row(.telegram, "123\u{301}", .notAChat),
    ]

    static let others = [
        Row(.push, "fcm:abc-DEF_123", "fcm:abc-DEF_123"),
        Row(.push, "", .empty),
        Row(.push, "a b", .forbiddenCharacter),
        Row(.push, "a\u{7F}", .forbiddenCharacter),
        Row(.push, "a,b", .forbiddenCharacter),
        Row(.push, "<a", .forbiddenCharacter),
        Row(.push, "<\u{338}a", .forbiddenCharacter),
        Row(.push, String(repeating: "a", count: 254), String(repeating: "a", count: 254)),
        Row(.push, String(repeating: "a", count: 255), .tooLong),
        Row(.paper, "ключ", .forbiddenCharacter),
    ]

    @Test(arguments: phones + mailboxes + chats + others) func address(row: Row) {
        let got: Result<String, AddressError>
        do throws(AddressError) {
            got = .success(try Address(row.text, for: row.channel).exposed)
        } catch {
            got = .failure(error)
        }
        #expect(got == row.want)
        if case .success(let text) = got {
            #expect(text.utf8.allSatisfy { (0x21...0x7E).contains($0) })
            #expect(text.utf8.count <= 254)
        }
    }

    @Test func onePersonInTwoSpellingsIsOneAddress() throws {
        #expect(try Destination(.email, "a@йод.рф") == Destination(.email, "a@и\u{306}од.рф"))
        #expect(try Destination(.sms, "8 912 345-67-89") == Destination(.sms, "+79123456789"))
    }

    // MARK: folding

    @Test(arguments: [
        (Channel.email, "Anna.Ivanova+Dom@Example.RU", "anna.ivanova+dom@example.ru"),
        (.email, "anna@example.ru", "anna@example.ru"), (.email, "A{Z}@B.RU", "a{z}@b.ru"),
        (.sms, "8 (912) 345-67-89", "+79123456789"), (.max, "100200300", "100200300"),
        // A token that differs in case is another device.
        (.push, "fcm:abc-DEF_123", "fcm:abc-DEF_123"),
    ])
    func foldedForTheBooks(channel: Channel, text: String, want: String) throws {
        let given = try Destination(channel, text)
        #expect(given.folded.address.exposed.sameBytes(as: want))
        #expect(given.folded.channel == channel)
        #expect(given.folded.folded == given.folded)
        #expect(try Destination(channel, given.folded.address.exposed) == given.folded, "it can be stored and read")
    }

    @Test func foldingLeavesTheAddressToWriteToAlone() throws {
        let given = try Destination(.email, "Anna@example.ru")
        #expect(given.address.exposed == "Anna@example.ru")
        #expect(try given != Destination(.email, "anna@example.ru"))
        #expect(try given.folded == Destination(.email, "aNNa@EXAMPLE.ru").folded)
    }

    // MARK: printing

    @Test(arguments: [
        (Channel.sms, "+79123456789", "+7···6789"), (.email, "anna@mail.ru", "a···@mail.ru"),
        (.max, "100200300", "···0300"), (.telegram, "123456", "···56"), (.maxChat, "-100200300", "···0300"),
    ])
    func masked(channel: Channel, text: String, want: String) throws {
        #expect(try Address(text, for: channel).masked == want)
    }

    @Test(arguments: [(Channel.sms, "+79123456789"), (.email, "anna.ivanova@mail.ru"), (.max, "100200300")])
    func noWayOfPrintingShowsIt(channel: Channel, text: String) throws {
        let destination = try Destination(channel, text)
        let attempt = Attempt(
            number: 1, provider: try #require(ProviderID("sms-a")), destination: destination, beganAt: Date.distantPast,
            endedAt: Date.distantPast, outcome: .accepted(Receipt()))
        let recipient = Recipient(id: try #require(RecipientID("ls:1")), destinations: [destination])
        var dumped = ""
        dump(attempt, to: &dumped)
        dump(recipient, to: &dumped)
        dump([destination: destination.address], to: &dumped)
        let prints = [
            "\(destination.address)", "\(destination)", "\(attempt)", "\(recipient)", "\([destination.address])",
            "\(Optional(destination.address) as Any)", String(reflecting: destination.address),
            String(reflecting: attempt), String(reflecting: recipient), String(describing: [destination.address: 1]),
            dumped,
        ]
        // Neither the whole nor enough of it to call somebody.
        let telling = channel == .email ? "anna" : String(text.suffix(6))
        for print in prints {
            #expect(!print.contains(text))
            #expect(!print.contains(telling), "\(print.count) characters")
        }
        #expect("\(destination.address)" == "…" + text.suffix(2))
    }
}
