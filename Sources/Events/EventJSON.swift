import Domain
import FoundationEssentials
package import Journal

/// An event as bytes: the same in the feed, in the stream and in a webhook's body.
extension Event {
    /// `{"id":"evt_…","type":"message.sent","created_at":"…","client":"billing","data":{…}}`
    package var json: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(384)
        write(to: &bytes)
        return bytes
    }

    package func write(to bytes: inout [UInt8]) {
        var object = ObjectWriter(&bytes)
        object.add("id", id.text, to: &bytes)
        object.add("type", type.rawValue, to: &bytes)
        object.add("created_at", at.ISO8601Format(.init(includingFractionalSeconds: true)), to: &bytes)
        object.add("client", client, to: &bytes)
        object.name("data", to: &bytes)
        subject.write(to: &bytes)
        object.end(&bytes)
    }
}

extension Event.Subject {
    func write(to bytes: inout [UInt8]) {
        var object = ObjectWriter(&bytes)
        switch self {
        case .message(let facts): facts.write(with: &object, to: &bytes)
        case .consent(let facts):
            object.add("consent", facts.consent, to: &bytes)
            object.add("recipient", facts.recipient, to: &bytes)
            object.add("purpose", facts.purpose, to: &bytes)
            object.add("channel", facts.channel, to: &bytes)
            object.add("source", facts.source, to: &bytes)
        case .suppression(let channel, let reason, let until):
            object.add("channel", channel, to: &bytes)
            object.add("reason", reason, to: &bytes)
            object.add("until", until, to: &bytes)
        case .provider(let provider, let reason, let until):
            object.add("provider", provider?.text, to: &bytes)
            object.add("reason", reason, to: &bytes)
            object.add("until", until, to: &bytes)
        }
        object.end(&bytes)
    }
}

extension Event.MessageFacts {
    fileprivate func write(with object: inout ObjectWriter, to bytes: inout [UInt8]) {
        object.add("message", message.text, to: &bytes)
        object.add("purpose", purpose.text, to: &bytes)
        object.add("status", status.rawValue, to: &bytes)
        object.add("channel", channel?.rawValue, to: &bytes)
        object.add("provider", provider?.text, to: &bytes)
        object.add("reason", reason, to: &bytes)
        if let attempt { object.add("attempt", number: attempt, to: &bytes) }
        object.add("reference", reference, to: &bytes)
        guard !metadata.isEmpty else { return }
        object.name("metadata", to: &bytes)
        var inner = ObjectWriter(&bytes)
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) { inner.add(name, value, to: &bytes) }
        inner.end(&bytes)
    }
}

/// Members of one JSON object, straight into bytes. Absent values are left out.
struct ObjectWriter {
    private var isFirst = true

    init(_ bytes: inout [UInt8]) { bytes.append(UInt8(ascii: "{")) }
    func end(_ bytes: inout [UInt8]) { bytes.append(UInt8(ascii: "}")) }

    mutating func add(_ name: String, _ value: String?, to bytes: inout [UInt8]) {
        guard let value else { return }
        self.name(name, to: &bytes)
        Self.quote(value, to: &bytes)
    }

    mutating func add(_ name: String, number: Int, to bytes: inout [UInt8]) {
        self.name(name, to: &bytes)
        bytes.append(contentsOf: number.description.utf8)
    }

    mutating func name(_ name: String, to bytes: inout [UInt8]) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        Self.quote(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }

    /// Byte by byte: quotes and controls can hide behind combining marks from anything that counts Characters.
    private static func quote(_ text: String, to bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            // `<` too: an event that ends up inside a page must not open a tag.
            case 0..<0x20, 0x7F, UInt8(ascii: "<"):
                bytes += "\\u00".utf8
                bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
