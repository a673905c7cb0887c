import Foundation
import Testing

/// The line that a script waits for names the place where we really listen.
struct ServeTests {
    static let places =
        [
            ("127.0.0.1:0", "ready api=http://127.0.0.1:"), ("127.0.0.2:0", "ready api=http://127.0.0.2:"),
            ("localhost:0", "ready api=http://"),
        ] + (hasIPv6 ? [("[::1]:0", "ready api=http://[::1]:")] : [])
    /// Containers without it are common.
    static let hasIPv6 = FileManager.default.fileExists(atPath: "/proc/net/if_inet6")

    @Test(arguments: places) func readySaysWhereItListens(asked: String, says: String) async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        let house = try await site.open(environment: ["VESTNIK_LISTEN_API": asked])
        #expect("ready api=\(house.api)".hasPrefix(says), "\(house.api)")
        for place in [house.api, house.world] {
            #expect(!place.hasSuffix(":0"))
            #expect(try await visit(place + "/livez") == "200 ok\n")
        }
        #expect(try await site.stop(house.serve) == 0)
    }

    /// It accepts, and no supervisor could help it by a restart: ready, and what is wrong stands in the second line.
    @Test func aHeldGatewayIsReadyAndSaysSo() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        #expect(try await site.vestnik("queue", "pause").code == 0)
        let house = try await site.open(), serve = house.serve
        let url = house.api + "/readyz"
        #expect(serve.err.text.contains("SENDING IS STOPPED"), "\(serve.err.text)")
        #expect(try await visit(url).hasPrefix("200 ok\nheld: operator since "))
        #expect(try await site.vestnik("queue", "resume").code == 0)
        #expect(try await visit(url) == "200 ok\n")
        #expect(try await site.stop(serve) == 0)
    }
}
