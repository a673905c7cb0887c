import Foundation
import Synchronization

/// An HTTP server that keeps to a script.
final class HTTPPeer: Sendable {
    struct Request: Sendable {
        /// Counted from 0 over all connections.
        var number: Int
        var connection: Int
        /// The request line and the headers, as on the wire.
        var head: String
        var body: String
        var line: String { String(head.utf8.prefix { $0 != 0x0D }) ?? "" }
    }

    static func reply(_ status: Int, _ body: String = "", headers: [String] = []) -> Act {
        let head = ["HTTP/1.1 \(status) Reason", "Content-Length: \(body.utf8.count)"] + headers
        return .say(head.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    private let record = Shared<[Request]>([])
    let listener: Listener
    var requests: [Request] { record.value }
    var url: String { "http://127.0.0.1:\(listener.port)" }

    /// - Parameter early: what to do right after the head, before the body is read; nil to read on.
    init(
        early: @escaping @Sendable (String) -> [Act]? = { _ in nil }, script: @escaping @Sendable (Request) -> [Act]
    ) {
        let record = record
        listener = Listener { connection in
            while let bytes = connection.read(until: "\r\n\r\n") {
                let head = String(decoding: bytes, as: UTF8.self)
                if let acts = early(head), !connection.perform(acts) { return }
                let length = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                let size = length.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
                guard let body = connection.read(size) else { return }
                let request = record.append {
                    Request(
                        number: $0, connection: connection.index, head: head,
                        body: String(decoding: body, as: UTF8.self))
                }
                if !connection.perform(script(request)) { return }
            }
        }
    }
}

extension Shared {
    func append<Element>(_ make: (Int) -> Element) -> Element where Value == [Element] {
        var made: Element?
        change {
            let element = make($0.count)
            $0.append(element)
            made = element
        }
        return made!
    }
}
