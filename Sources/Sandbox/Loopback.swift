import Foundation

/// Nothing here may reach another machine: addresses are compared with a closed list, never resolved.
enum Loopback {
    static let hosts: Set<String> = ["127.0.0.1", "::1", "localhost"]

    struct Target: Sendable, Hashable {
        let host: String
        let port: Int
        /// Path and query, ready for the request line.
        let path: String
    }

    /// Where a report may be sent; nil for anything but plain HTTP to this machine.
    static func target(of url: String) -> Target? {
        guard let parts = URLComponents(string: url), parts.scheme == "http", let host = parts.host,
            parts.user == nil, parts.password == nil
        else { return nil }
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        guard hosts.contains(bare) else { return nil }
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        return Target(
            host: bare == "localhost" ? "127.0.0.1" : bare, port: parts.port ?? 80,
            path: parts.percentEncodedQuery.map { "\(path)?\($0)" } ?? path)
    }
}
