/// The few tags that messengers understand, drawn by our own tags; everything else is text. What the sender wrote
/// never reaches the page as markup: each tag that is recognised is written anew.
enum MessengerText {
    private static let plainTags: Set<String> = [
        "b", "strong", "i", "em", "u", "ins", "s", "del", "strike", "code", "pre", "blockquote",
    ]

    static func html(_ message: CapturedMessage) -> HTML {
        message.format == "html" ? html(message.text) : "\(message.text)"
    }

    /// Without tags, for one line in a list.
    static func plain(_ text: String) -> String {
        var plain = ""
        var rest = Substring(text)
        while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
            plain += rest[..<start]
            rest = rest[rest.index(after: end)...]
        }
        return decoded(Substring(plain + rest))
    }

    static func html(_ text: String) -> HTML {
        var drawn: HTML = ""
        var open: [String] = []
        var rest = Substring(text)
        while let start = rest.utf8.firstIndex(of: UInt8(ascii: "<")) {
            drawn += entities(rest[..<start])
            guard let end = rest[start...].utf8.firstIndex(of: UInt8(ascii: ">")),
                let tag = draw(rest[rest.utf8.index(after: start)..<end], &open)
            else {
                drawn += "&lt;"
                rest = rest[rest.utf8.index(after: start)...]
                continue
            }
            drawn += tag
            rest = rest[rest.utf8.index(after: end)...]
        }
        drawn += entities(rest)
        // A tag left open would spill over the page.
        for name in open.reversed() { drawn += "</\(name)>" }
        return drawn
    }

    /// The inside of `<…>`; nil when it is none of ours.
    private static func draw(_ inside: Substring, _ open: inout [String]) -> HTML? {
        if inside.hasPrefix("/") {
            let name = inside.dropFirst().lowercased()
            guard open.last == name else { return nil }
            open.removeLast()
            return "</\(name)>"
        }
        let name = inside.lowercased()
        if plainTags.contains(name) {
            open.append(name)
            return "<\(name)>"
        }
        guard let address = linkTarget(inside) else { return nil }
        open.append("a")
        return "<a href=\"\(address)\" rel=\"noreferrer noopener\">"
    }

    /// `a href="https://…"` and nothing else; no other scheme becomes a link.
    private static func linkTarget(_ inside: Substring) -> String? {
        let prefix = "a href=\""
        guard inside.lowercased().hasPrefix(prefix), inside.hasSuffix("\"") else { return nil }
        let address = decoded(inside.dropFirst(prefix.count).dropLast())
        guard !address.utf8.contains(UInt8(ascii: "\"")) else { return nil }
        return isWeb(address) ? address : nil
    }

    static func isWeb(_ address: String) -> Bool {
        let lowered = address.lowercased()
        return lowered.hasPrefix("https://") || lowered.hasPrefix("http://")
    }

    private static func entities(_ text: Substring) -> HTML { "\(decoded(text))" }

    /// The five entities that senders must write; the result is escaped again on the way out.
    private static func decoded(_ text: Substring) -> String {
        var plain = ""
        var rest = text
        while let start = rest.utf8.firstIndex(of: UInt8(ascii: "&")) {
            plain += rest[..<start]
            let tail = rest[start...]
            if let entity = names.first(where: { tail.hasPrefix($0.name) }) {
                plain += entity.text
                rest = tail.dropFirst(entity.name.count)
            } else {
                plain += "&"
                rest = rest[rest.utf8.index(after: start)...]
            }
        }
        return plain + rest
    }

    private static let names = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .map { (name: $0.0, text: $0.1) }
}
