package import Domain

/// Writes the facts of one journal line as they are stored: `[["provider","sms-a"],["to","+7···4567"]]`, readable in any
/// shell, in the order they were written. Straight into bytes, because three lines are written for each message.
package struct FactWriter: Sendable {
    /// `[` and what was added so far; `finish` closes it.
    private var json: [UInt8] = [UInt8(ascii: "[")]

    package init() { json.reserveCapacity(1024) }

    /// For words we chose ourselves; nil adds nothing.
    package mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        begin(name)
        append(cleaned: value)
        end()
    }

    package mutating func add(_ name: String, _ number: Int) {
        begin(name)
        append(ascii: number.description)
        end()
    }

    package mutating func add(_ name: String, _ number: Int?) { if let number { add(name, number) } }

    /// A destination without the whole address: `email a···@mail.ru`.
    package mutating func add(_ name: String, _ destination: Destination) {
        begin(name)
        append(ascii: destination.channel.rawValue)
        json.append(UInt8(ascii: " "))
        let start = json.count
        destination.address.appendMasked(to: &json)
        // The token of a device may hold a quote.
        if json[start...].contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
            json.removeSubrange(start...)
            append(cleaned: destination.address.masked)
        }
        end()
    }

    package mutating func add(_ fact: JournalEntry.Fact?) {
        guard let fact else { return }
        add(fact.name, fact.value)
    }

    /// For words of a stranger: whatever looks like an address is masked, above all the one that was written to.
    package mutating func add(foreign name: String, _ value: String?, about destination: Destination?) {
        add(JournalEntry.Fact.foreign(name, value, about: destination))
    }

    /// The whole list; the writer is ready for the next one and keeps its room.
    package mutating func finish<Value>(_ body: (_ json: [UInt8]) throws -> Value) rethrows -> Value {
        json.append(UInt8(ascii: "]"))
        defer {
            json.removeAll(keepingCapacity: true)
            json.append(UInt8(ascii: "["))
        }
        return try body(json)
    }

    private mutating func begin(_ name: String) {
        if json.count > 1 { json.append(UInt8(ascii: ",")) }
        json.append(UInt8(ascii: "["))
        json.append(UInt8(ascii: "\""))
        append(cleaned: name)
        json.append(UInt8(ascii: "\""))
        json.append(UInt8(ascii: ","))
        json.append(UInt8(ascii: "\""))
    }

    private mutating func end() {
        json.append(UInt8(ascii: "\""))
        json.append(UInt8(ascii: "]"))
    }

    private mutating func append(ascii text: String) { json.append(contentsOf: text.utf8) }

    /// Nearly every value is short printable ASCII and goes as it is.
    private mutating func append(cleaned value: String) {
        var value = value
        let plain = value.withUTF8 { bytes in
            guard bytes.count <= JournalEntry.Fact.limit, bytes.allSatisfy(Self.isPlain) else { return false }
            json.append(contentsOf: bytes)
            return true
        }
        if !plain { Plain.appendEscaped(Plain.text(value, limit: JournalEntry.Fact.limit), to: &json) }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
}
