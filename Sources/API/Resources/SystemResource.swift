/// What a supervisor asks: is the process alive, can it do its work, which version is it. No key, nothing about people.
package struct SystemResource: Sendable {
    package enum Readiness: Sendable, Hashable {
        case ready
        /// It accepts and sends nothing: a restart would change nothing, so this is ready too.
        case held(String)
        case notReady(String)
    }

    let readiness: @Sendable () async -> Readiness
    /// One JSON object.
    let version: String

    package init(version: String, readiness: @escaping @Sendable () async -> Readiness) {
        self.version = version
        self.readiness = readiness
    }

    /// For listeners that show nothing else of the house.
    package static let alive = Route(.get, "/livez", .open) { _ in .text(200, "ok\n") }

    package var routes: [Route] {
        [
            Self.alive,
            Route(.get, "/readyz", .open) { _ in
                switch await readiness() {
                case .ready: .text(200, "ok\n")
                case .held(let why): .text(200, "ok\nheld: \(why), nothing is sent\n")
                case .notReady(let why): .text(503, why + "\n")
                }
            },
            Route(.get, "/version", .open) { _ in
                Answer(200, headers: [("content-type", "application/json")], body: .bytes(Array((version + "\n").utf8)))
            },
        ]
    }
}
