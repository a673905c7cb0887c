import API
import Testing

struct RouteTableTests {
    private static let table = RouteTable([
        Route(.get, "/v1/messages/{id}", .open) { _ in Answer(200) },
        Route(.post, "/v1/messages/search", .open) { _ in Answer(200) },
        Route(.get, "/v1/messages/latest", .open) { _ in Answer(200) },
        Route(.put, "/v1/accounts/{account}/facts", .open) { _ in Answer(200) },
    ])

    private func found(_ method: Method?, _ path: String) -> String {
        switch Self.table.find(method, Substring(path).utf8) {
        case .route(let route, let parameters):
            ([route.pattern] + parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
                .joined(separator: " ")
        case .otherMethods(let methods): "405 " + methods.map(\.rawValue).sorted().joined(separator: ",")
        case .nothing: "404"
        }
    }

    @Test(arguments: [
        (Method.get, "/v1/messages/msg_1", "/v1/messages/{id} id=msg_1"),
        // A literal is nearer than a parameter.
        (.get, "/v1/messages/latest", "/v1/messages/latest"),
        (.post, "/v1/messages/search", "/v1/messages/search"),
        (.get, "/v1/messages/search", "/v1/messages/{id} id=search"),
        (.put, "/v1/accounts/ls%3A0045%2F12/facts", "/v1/accounts/{account}/facts account=ls:0045/12"),
        (.post, "/v1/messages/msg_1", "405 GET"),
        (nil, "/v1/messages/msg_1", "405 GET"),
        (.get, "/v1/messages/", "404"),
        (.get, "/v1/messages", "404"),
        (.get, "/v1/messages/a/b", "404"),
        (.get, "/v1/messages/%2", "404"),
        (.get, "/v1/messages/%zz", "404"),
        (.get, "/v1/messages/%00", "404"),
        (.get, "/v1/messages/%ff", "404"),
        (.get, "v1/messages/x", "404"),
        (.get, "/", "404"),
        // What is encoded stays in its segment.
        (.get, "/v1/..%2fmessages/x", "404"),
        (.get, "/v1/messages/..%2f..%2fetc", "/v1/messages/{id} id=../../etc"),
    ])
    func finds(_ method: Method?, _ path: String, _ expected: String) { #expect(found(method, path) == expected) }
}

struct LineCutterTests {
    /// However the bytes are cut on the way, the lines are the same.
    @Test(arguments: [1, 2, 3, 7, 100]) func cuts(_ size: Int) {
        var cutter = LineCutter(), lines: [[UInt8]] = []
        let bytes = Array("one\r\ntwo\n\n\r\nthree\rx\nlast".utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            lines += cutter.take(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        lines += cutter.end()
        #expect(lines.map { String(decoding: $0, as: UTF8.self) } == ["one", "two", "three\rx", "last"])
    }
}
