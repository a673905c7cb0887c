import Domain
import GatewayTesting
import Testing

/// What keys are made of besides their secret: clients, networks, magic addresses.
struct KeyWordsTests {
    @Test(arguments: [
        ("billing", true), ("billing-1c", true), ("1c.prod_2", true), (String(repeating: "a", count: 64), true),
        ("", false), (String(repeating: "a", count: 65), false), ("Billing", false), ("биллинг", false), ("-a", false),
        (".a", false), ("a b", false), ("a\u{1F}test", false), ("a\u{0301}", false), ("a\n", false), ("a:b", false),
    ]) func clientName(text: String, isOne: Bool) {
        #expect((ClientName(text) != nil) == isOne)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.200.3.4", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.7", "10.0.0.7", true),
        ("10.0.0.7", "10.0.0.8", false), ("10.0.0.0/9", "10.127.255.255", true), ("10.0.0.0/9", "10.128.0.0", false),
        ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
        ("10.0.0.0/8", "::ffff:a01:203", true), ("fd00::/8", "fd12:3456::1", true), ("fd00::/8", "fe80::1", false),
        ("::1", "0:0:0:0:0:0:0:1", true), ("2001:db8::/33", "2001:db8:7fff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false), ("fe80::/10", "fe80::1%eth0", true), ("::/0", "::1", true),
        ("192.168.1.77/24", "192.168.1.1", true),
    ]) func subnet(text: String, caller: String, isInside: Bool) throws {
        let subnet = try #require(Subnet(text)), address = try #require(IPAddress(caller))
        #expect(subnet.contains(address) == isInside)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "10.0.0.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.0/8/8",
        "10.0.0.0/-1", "10.0.0.0/+8", "::/129", "1::2::3", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "g::",
        "12345::", "::+1", "::1%eth0", "10.0.0.1%eth0", "localhost", "::1.2.3", "1::2:3:4:5:6:7:8", "１0.0.0.1",
    ]) func noSubnet(text: String) {
        #expect(Subnet(text) == nil)
    }

    @Test func eachMagicRecipientHasAnAddressOnEachWay() throws {
        for magic in MagicRecipient.allCases {
            #expect(try MagicRecipient(Destination(.sms, "8 (000) 000-00-0\(magic.rawValue)")) == magic)
            #expect(try MagicRecipient(Destination(.voice, "+\(magic.number)")) == magic)
            #expect(try MagicRecipient(Destination(.email, magic.mailbox.uppercased())) == magic)
            for channel in [Channel.max, .telegram, .vk] {
                #expect(try MagicRecipient(Destination(channel, magic.number)) == magic)
            }
            #expect(try MagicRecipient(Destination(.maxChat, "-" + magic.number)) == magic)
        }
        #expect(Set(MagicRecipient.allCases.map(\.mailbox)).count == MagicRecipient.allCases.count)
        for other in [Destination.sms(), .sms("+70000000006"), .email(), .email("delivered@test.ru"), .max()] {
            #expect(MagicRecipient(other) == nil)
        }
    }

    @Test func whatATestKeyUsedUpIsFreeForALiveOne() {
        var message = Message.sample()
        let scopes = KeyMode.allCases.map { mode in
            message.mode = mode
            return message.idempotencyScope
        }
        #expect(Set(scopes).count == 3 && scopes[0] == "billing", "as it was before there were modes")
        #expect(scopes.dropFirst().allSatisfy { ClientName($0) == nil }, "no client can take such a name")
    }
}
