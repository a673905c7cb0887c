import Domain

/// All ways in of one listener. Found by the bytes of the path: what is encoded in a segment stays in that segment, so
/// `..%2f` climbs nowhere.
package struct RouteTable: Sendable {
    package enum Found: Sendable {
        case route(Route, parameters: [String: String])
        /// The path is known, by other methods.
        case otherMethods([Method])
        case nothing
    }

    package let routes: [Route]
    /// By the number of segments.
    private let shelves: [Int: [(segments: [Segment], route: Route)]]

    private enum Segment: Hashable {
        case literal([UInt8])
        case parameter(String)
    }

    package init(_ routes: [Route]) {
        self.routes = routes
        shelves = Dictionary(grouping: routes.map { (Self.segments($0.pattern), $0) }) { $0.0.count }
            // A literal is nearer than a parameter: `/v1/messages/search` is no id.
            .mapValues { shelf in shelf.sorted { Self.freedom($0.0) < Self.freedom($1.0) } }
    }

    /// - Parameters:
    ///   - method: nil for one we do not speak.
    ///   - path: without the query.
    package func find(_ method: Method?, _ path: Substring.UTF8View) -> Found {
        let parts = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard path.first == UInt8(ascii: "/") else { return .nothing }
        var others: [Method] = []
        for (segments, route) in shelves[parts.count] ?? [] {
            guard let parameters = Self.match(parts, segments) else { continue }
            if route.method == method { return .route(route, parameters: parameters) }
            others.append(route.method)
        }
        return others.isEmpty ? .nothing : .otherMethods(others)
    }

    private static func segments(_ pattern: String) -> [Segment] {
        pattern.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { part in
            part.first == UInt8(ascii: "{")
                ? .parameter(String(decoding: part.dropFirst().dropLast(), as: UTF8.self)) : .literal(Array(part))
        }
    }

    private static func freedom(_ segments: [Segment]) -> Int {
        segments.count { if case .parameter = $0 { true } else { false } }
    }

    private static func match(_ parts: [Substring.UTF8View], _ segments: [Segment]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (part, segment) in zip(parts, segments) {
            switch segment {
            case .literal(let bytes): guard part.elementsEqual(bytes) else { return nil }
            case .parameter(let name):
                guard let text = PercentCoding.decode(part), !text.isEmpty else { return nil }
                parameters[name] = text
            }
        }
        return parameters
    }
}

/// RFC 3986: `%41` for a byte. Strict: half an escape, bad UTF-8 and NUL are no text.
enum PercentCoding {
    static func decode(_ bytes: some Sequence<UInt8>, plusIsSpace: Bool = false) -> String? {
        var decoded: [UInt8] = []
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else {
                    return nil
                }
                decoded.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: decoded.append(UInt8(ascii: " "))
            default: decoded.append(byte)
            }
        }
        guard !decoded.contains(0) else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
