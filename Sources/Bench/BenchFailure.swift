package import Domain

/// Why there is no figure: what, why and what to do.
package struct BenchFailure: Error, Sendable {
    package enum Kind: Sendable { case usage, unavailable, noPermission }
    package let kind: Kind
    package let words: Words
    package init(_ kind: Kind, ru: String, en: String) {
        self.kind = kind
        words = Words(ru: ru, en: en)
    }
}

/// A benchmark at full speed is an attack on anybody else's server.
package enum OnlyLoopback {
    private static let names: Set<String> = ["localhost", "127.0.0.1"]

    /// - Returns: the address to use.
    /// - Throws: for everything but this machine; names are compared, never resolved.
    package static func check(_ host: String) throws(BenchFailure) -> String {
        guard names.contains(host) else {
            throw BenchFailure(
                .usage, ru: "\(host) — не эта машина: измеряем только на 127.0.0.1",
                en: "\(host) is not this machine: only 127.0.0.1 is measured against")
        }
        return "127.0.0.1"
    }
}
