/// `FROM:<a@b> SIZE=100` and its kin.
enum SMTPPath {
    struct Parameter: Equatable {
        let name: String
        let value: String
    }

    /// nil when the angle brackets are missing or something stands where nothing may.
    static func parse(_ argument: String, keyword: String) -> (address: String, parameters: [Parameter])? {
        let bytes = Array(argument.utf8)
        guard bytes.count >= keyword.utf8.count,
            argument.prefix(keyword.count).uppercased() == keyword
        else { return nil }
        // RFC 5321 3.3 allows no space here; so do we.
        var rest = bytes.dropFirst(keyword.utf8.count)
        guard rest.first == UInt8(ascii: "<"), let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
        let address = rest[rest.index(after: rest.startIndex)..<end]
        guard address.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "<") }), address.count <= 254 else {
            return nil
        }
        rest = rest[rest.index(after: end)...]
        guard rest.isEmpty || rest.first == UInt8(ascii: " ") else { return nil }
        let parameters = String(decoding: rest, as: UTF8.self).split(separator: " ").map { word in
            let halves = word.split(separator: "=", maxSplits: 1)
            return Parameter(
                name: (halves.first ?? "").uppercased(), value: halves.count > 1 ? halves[1].uppercased() : "")
        }
        return (String(decoding: address, as: UTF8.self), parameters)
    }
}
