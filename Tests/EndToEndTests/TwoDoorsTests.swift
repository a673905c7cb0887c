import Foundation
import Testing

/// What the world can reach, and what it cannot.
struct TwoDoorsTests {
    @Test(.timeLimit(.minutes(1))) func theWorldSeesNothingOfTheHouse() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        let house = try await site.open()
        let key = try await site.key("--scope", "admin")
        #expect(house.api != house.world)
        let inside = Caller(house, key)
        let outside = Caller(OpenHouse(serve: house.serve, api: house.world, world: house.world), key)

        #expect(try await outside.ask("GET", "/livez").status == 200)
        for path in [
            "/", "/v1/messages", "/v1/events", "/v1/webhooks", "/v1/providers", "/metrics", "/readyz", "/version",
            "/openapi.json", "/docs/api", "/docs/errors",
        ] {
            let reply = try await outside.ask("GET", path)
            #expect(reply.status == 404 && reply.code == "not_found", "\(path): \(reply.status)")
            let within = try await inside.ask("GET", path).status
            #expect(within == (path == "/" ? 404 : 200), "\(path): \(within)")
        }
        #expect(
            try await outside.ask("POST", "/v1/messages", Caller.reminder(#"{"sms":"+79001234567"}"#)).status == 404)
        #expect(try await inside.ask("GET", "/metrics").text.contains("vestnik_build_info"))
        #expect(try await site.messages().isEmpty)
        #expect(try await site.stop(house.serve) == 0)
    }
}
