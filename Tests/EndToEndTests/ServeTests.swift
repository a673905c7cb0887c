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
        let serve = try Running(["serve", "--config", site.config], environment: ["VESTNIK_LISTEN_API": asked])
        let line = try await serve.line(with: "ready")
        #expect(line.hasPrefix(says), "\(line)")
        #expect(!line.hasSuffix(":0"))

        let url = line.replacingOccurrences(of: "ready api=", with: "") + "/livez"
        let visit = try Running(
            ["-c", "import sys,urllib.request as u; sys.stdout.write(u.urlopen(sys.argv[1]).read().decode())", url],
            program: URL(filePath: "/usr/bin/python3"))
        #expect(try await visit.end(within: 20) == 0, "\(visit.err.text)")
        #expect(visit.out.text == "ok\n")
        #expect(try await site.stop(serve) == 0)
    }

    /// It accepts, and no supervisor could help it by a restart: ready, and what is wrong stands in the second line.
    @Test func aHeldGatewayIsReadyAndSaysSo() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        #expect(try await site.vestnik("queue", "pause").code == 0)
        let serve = try site.start("serve")
        let url = try await serve.line(with: "ready api=").replacingOccurrences(of: "ready api=", with: "") + "/readyz"
        #expect(serve.err.text.contains("SENDING IS STOPPED"), "\(serve.err.text)")
        #expect(try await visit(url).hasPrefix("200 ok\nheld: operator since "))
        #expect(try await site.vestnik("queue", "resume").code == 0)
        #expect(try await visit(url) == "200 ok\n")
        #expect(try await site.stop(serve) == 0)
    }
}
