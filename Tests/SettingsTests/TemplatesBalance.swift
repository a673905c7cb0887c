/// A tag balance check that shares no code with the engine: the first tag that does not fit, or nil.
enum TagBalance {
    static func firstFault(in text: String) -> String? {
        var open: [Substring] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            guard let end = rest[start...].firstIndex(of: ">") else { return "unfinished" }
            let inside = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if inside.hasSuffix("/") { continue }
            if inside.hasPrefix("/") {
                guard let last = open.popLast(), last == inside.dropFirst() else { return "</\(inside.dropFirst())>" }
            } else {
                guard inside.filter({ $0 == "\"" }).count.isMultiple(of: 2), !inside.contains("<") else {
                    return "<\(inside)>"
                }
                open.append(inside.prefix { $0 != " " && $0 != "\n" })
            }
        }
        return open.isEmpty ? nil : "open \(open)"
    }
}
