import API
import Foundation
import Policy
import Testing

/// TRUST §6, 1, 3, 7, 16, 21, 22: what holds on every way in, whoever adds the next one.
struct EveryRouteTests {
    private func target(_ route: Route) -> String { route.pattern.replacing(/\{[a-z_]+\}/, with: "x1") }

    private func limit(_ route: Route) -> Int? {
        switch route.body {
        case .none: nil
        case .json(let limit), .optionalJSON(let limit), .stream(_, let limit): limit
        }
    }

    private func type(_ route: Route) -> String? {
        switch route.body {
        case .none: nil
        case .json, .optionalJSON: "application/json"
        case .stream(let types, _): types.first
        }
    }

    private func isGuarded(_ route: Route) -> Bool {
        switch route.access {
        case .open: false
        case .scope: true
        }
    }

    @Test func nobodyComesInWithoutAKey() async throws {
        try await withFront { front in
            let open = front.table.routes.filter { !isGuarded($0) }.map(\.pattern).sorted()
            #expect(
                open == [
                    "/docs/api", "/docs/errors", "/docs/errors/{code}", "/livez", "/metrics", "/openapi.json",
                    "/readyz",
                    "/version",
                ], "a way in without a guard is decided here")
            for route in front.table.routes where isGuarded(route) {
                let name = "\(route.method.rawValue) \(route.pattern)"
                let stranger = await front.wire.ask(route.method.rawValue, target(route), key: nil)
                #expect(stranger.status == 401 && stranger.code == "unauthorized", "\(name): \(stranger.status)")
                // Nobody may do everything with a scope that is for something else.
                if case .scope(let scope) = route.access, scope != .messagesRead {
                    let reader = await front.wire.ask(route.method.rawValue, target(route), key: "vk_live_reader")
                    #expect(reader.status == 403 && reader.code == "forbidden_scope", "\(name): \(reader.status)")
                }
            }
        }
    }

    @Test func everyBodyHasALimitAndAType() async throws {
        try await withFront { front in
            for route in front.table.routes {
                guard let limit = limit(route), let type = type(route) else { continue }
                let name = "\(route.method.rawValue) \(route.pattern)"
                func send(_ lines: String...) async -> Wire.Reply {
                    let head = [
                        "\(route.method.rawValue) \(target(route)) HTTP/1.1", "Host: x",
                        "Authorization: Bearer vk_live_root", "Connection: close",
                    ]
                    return await front.wire.send(Array(((head + lines).joined(separator: "\r\n") + "\r\n\r\n").utf8))
                }
                // Said, and not sent: refused by what the head says.
                let large = await send("Content-Type: \(type)", "Content-Length: \(limit + 1)")
                #expect(large.status == 413 && large.code == "payload_too_large", "\(name): \(large.status)")
                let other = await send("Content-Type: text/html", "Content-Length: 0")
                #expect(other.status == 415 && other.code == "unsupported_media_type", "\(name): \(other.status)")
                let packed = await send("Content-Type: \(type)", "Content-Encoding: gzip", "Content-Length: 0")
                #expect(packed.status == 415 && packed.code == "unsupported_media_type", "\(name): \(packed.status)")
            }
        }
    }
}
