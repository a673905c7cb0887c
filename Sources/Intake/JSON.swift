import Domain

/// A JSON value as it was written: numbers stay text, members keep their order. Strings are bytes-exact; whoever takes
/// one out normalises it.
package indirect enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    /// As RFC 8259 spells it; never rounded, never wrapped.
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    package struct Member: Sendable, Hashable {
        /// In NFC.
        package var name: String
        package var value: JSON
        package init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    package subscript(_ name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.sameBytes(as: name) }?.value
    }
}

extension JSON {
    /// The one spelling of a value: members by the bytes of their names, no spaces. Two requests that mean the same have
    /// the same canonical bytes.
    package var canonicalBytes: [UInt8] { bytes(sorted: true) }

    /// Without spaces, members in their own order.
    package var bytes: [UInt8] { bytes(sorted: false) }

    private func bytes(sorted: Bool) -> [UInt8] {
        var output: [UInt8] = []
        write(into: &output, sorted: sorted)
        return output
    }

    private func write(into output: inout [UInt8], sorted: Bool) {
        switch self {
        case .null: output += "null".utf8
        case .bool(let flag): output += (flag ? "true" : "false").utf8
        case .number(let text): output += text.utf8
        case .string(let text): Self.quote(text, into: &output)
        case .array(let items):
            output.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                item.write(into: &output, sorted: sorted)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            let ordered = sorted ? members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } : members
            output.append(UInt8(ascii: "{"))
            for (index, member) in ordered.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                Self.quote(member.name, into: &output)
                output.append(UInt8(ascii: ":"))
                member.value.write(into: &output, sorted: sorted)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// Byte by byte: quotes, backslashes and controls can hide behind combining marks from anything that counts Characters.
    private static func quote(_ text: String, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        defer { output.append(UInt8(ascii: "\"")) }
        let isPlain = text.utf8.allSatisfy {
            $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "<") && $0 != 0x7F
        }
        if isPlain {
            output += text.utf8
            return
        }
        let digits = Array("0123456789abcdef".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): output += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
            case UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
            case 0x0A: output += "\\n".utf8
            case 0x0D: output += "\\r".utf8
            case 0x09: output += "\\t".utf8
            // `<` too: a problem that ends up inside a page must not open a tag.
            case 0..<0x20, 0x7F, UInt8(ascii: "<"):
                output += "\\u00".utf8
                output += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: output.append(byte)
            }
        }
    }
}
