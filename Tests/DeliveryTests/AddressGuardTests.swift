import Delivery
import Domain
import Testing

@Suite struct AddressGuardTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let address: String
        let open: Bool
        var testDescription: String { address }
        init(_ address: String, _ open: Bool) { (self.address, self.open) = (address, open) }
    }
    /// Each range by its edges.
    static let rows = [
        Row("8.8.8.8", true), Row("1.1.1.1", true), Row("2a00:1450:4010::64", true), Row("2606:4700::1111", true),
        Row("0.0.0.0", false), Row("0.255.255.255", false), Row("9.255.255.255", true), Row("10.0.0.0", false),
        Row("10.255.255.255", false), Row("11.0.0.0", true), Row("100.63.255.255", true), Row("100.64.0.0", false),
        Row("100.127.255.255", false), Row("100.128.0.0", true), Row("127.0.0.1", false), Row("127.255.255.254", false),
        Row("169.254.169.254", false), Row("172.15.255.255", true), Row("172.16.0.1", false),
        Row("172.31.255.255", false), Row("172.32.0.0", true), Row("192.168.1.1", false), Row("192.169.0.0", true),
        Row("198.18.0.1", false), Row("198.19.255.255", false), Row("198.20.0.0", true), Row("203.0.113.7", false),
        Row("168.63.129.16", false), Row("224.0.0.1", false), Row("239.255.255.255", false), Row("240.0.0.1", false),
        Row("255.255.255.255", false), Row("::", false), Row("::1", false), Row("::7f00:1", false),
        Row("::ffff:127.0.0.1", false), Row("::ffff:10.1.2.3", false), Row("::ffff:8.8.8.8", true),
        Row("64:ff9b::7f00:1", false), Row("64:ff9b::808:808", true), Row("64:ff9b:1::1", false), Row("100::1", false),
        Row("2001::1", false), Row("2001:db8::1", false), Row("2002:7f00:1::", false), Row("fc00::1", false),
        Row("fd12:3456::1", false), Row("fe80::1", false), Row("fec0::1", false), Row("ff02::1", false),
    ]
    @Test(arguments: rows) func ranges(_ row: Row) throws {
        let address = try #require(IPAddress(row.address))
        #expect(AddressGuard().admits(address, encrypted: true) == row.open)
        #expect(!AddressGuard().admits(address, encrypted: false))
    }

    @Test func allowedByName() throws {
        let own = AddressGuard(allowed: [try #require(Subnet("10.1.0.0/16")), try #require(Subnet("::1"))])
        for (text, encrypted, open) in [
            ("10.1.2.3", true, true), ("10.1.2.3", false, true), ("::ffff:10.1.2.3", false, true),
            ("10.2.0.0", true, false), ("::1", false, true), ("8.8.8.8", false, false), ("8.8.8.8", true, true),
        ] { #expect(own.admits(try #require(IPAddress(text)), encrypted: encrypted) == open, "\(text)") }
        for wrong in [
            "", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "10.1", "0x7f.1", "localhost", "::1/129",
        ] {
            #expect(Subnet(wrong) == nil, "\(wrong)")
        }
    }

    /// TRUST F14: what a URL says and where it goes are two things; the socket knows.
    static let spellings = [
        "127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "user@127.0.0.1", "0", "0.0.0.0", "localhost", "localhost.",
        "127.0.0.1.", "１２７.０.０.１", "[::1]",
    ]
    @Test(arguments: spellings) func refusedAtTheSocket(_ host: String) async throws {
        let peer = HTTPPeer { _ in [HTTPPeer.reply(200)] }
        var settings = AccountSettings(baseURL: "", timeout: .seconds(5))
        // Something else is allowed, so that plain HTTP is spoken at all.
        settings.guarded = AddressGuard(allowed: [try #require(Subnet("10.0.0.0/8"))])
        let client = HTTPClient(settings)
        let request = HTTPRequest("POST", "http://\(host):\(peer.listener.port)/", body: [1])
        do throws(DeliveryFailure) {
            _ = try await client.exchange(request)
            Issue.record("it was reached")
        } catch {
            // What libcurl does not even take for a URL, or a name nobody knows, goes nowhere either.
            #expect(
                error.code == DeliveryFailure.addressRefused || error.reason == .misconfigured || error.code == "curl 6"
            )
        }
        #expect(peer.listener.connections == 0)
        await client.shutdown()
    }

    @Test func withoutAnAllowanceOnlyTLS() async throws {
        let peer = HTTPPeer { _ in [HTTPPeer.reply(200)] }
        var settings = AccountSettings(baseURL: "", timeout: .seconds(5))
        settings.guarded = AddressGuard()
        let client = HTTPClient(settings)
        await #expect(throws: DeliveryFailure.self) { try await client.exchange(HTTPRequest("POST", peer.url)) }
        #expect(peer.listener.connections == 0)
        await client.shutdown()
    }

    @Test func whatIsAllowedIsReachedAndCutRepliesCount() async throws {
        let peer = HTTPPeer { _ in [HTTPPeer.reply(200, String(repeating: "x", count: 100_000))] }
        var settings = AccountSettings(baseURL: "", timeout: .seconds(5))
        settings.guarded = AddressGuard(allowed: [try #require(Subnet("127.0.0.1"))])
        settings.acceptsCutReplies = true
        let client = HTTPClient(settings)
        for _ in 0..<2 {
            let response = try await client.exchange(HTTPRequest("POST", peer.url + "/", body: [1]))
            #expect(response.status == 200 && response.body.count <= settings.largestReply)
        }
        await client.shutdown()
    }
}
