import Domain

/// The JSON of `GET|PUT /sandbox/chaos`: `{"sms":{"throttle":10},"retry_after_seconds":5,"delay_ms":0}`. What is not
/// named is 0.
extension Chaos {
    /// A sentence for the caller about what is wrong with the body.
    struct Mistake: Error, Equatable {
        let detail: String
    }

    init(json: [UInt8]) throws(Mistake) {
        self.init()
        guard case .object(let root)? = JSONValue(bytes: json) else {
            throw Mistake(detail: "the body must be a JSON object")
        }
        for key in root.keys.sorted() {
            switch key {
            case "retry_after_seconds": retryAfter = try Self.number(root[key], key, upTo: 86_400)
            case "delay_ms": delay = try Self.number(root[key], key, upTo: 60_000)
            default: try read(root[key], group: key)
            }
        }
    }

    private mutating func read(_ value: JSONValue?, group: String) throws(Mistake) {
        guard let path = Self.groups.first(where: { $0.name == group })?.path else {
            throw .unknown(group, among: Self.groups.map(\.name) + ["retry_after_seconds", "delay_ms"])
        }
        guard case .object(let switches)? = value else { throw Mistake(detail: "\(group) must be an object") }
        for key in switches.keys.sorted() {
            guard let knob = Switches.names.first(where: { $0.name == key })?.path else {
                throw .unknown("\(group).\(key)", among: Switches.names.map { "\(group).\($0.name)" })
            }
            self[keyPath: path][keyPath: knob] = try Self.number(switches[key], "\(group).\(key)", upTo: 100)
        }
    }

    private static func number(_ value: JSONValue?, _ name: String, upTo limit: Int) throws(Mistake) -> Int {
        guard case .integer(let number)? = value, (0...limit).contains(number) else {
            throw Mistake(detail: "\(name) must be a whole number from 0 to \(limit)")
        }
        return number
    }

    var json: [UInt8] {
        var root: [String: JSONValue] = ["retry_after_seconds": .integer(retryAfter), "delay_ms": .integer(delay)]
        for group in Self.groups {
            let switches = Switches.names.map {
                ($0.name, JSONValue.integer(self[keyPath: group.path][keyPath: $0.path]))
            }
            root[group.name] = .object(Dictionary(switches, uniquingKeysWith: { $1 }))
        }
        return JSONReply.bytes(JSONValue.object(root))
    }
}

extension Chaos.Mistake {
    static func unknown(_ name: String, among known: [String]) -> Chaos.Mistake {
        let hint = nearestName(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
        return Chaos.Mistake(detail: "unknown switch \(name)\(hint)")
    }
}
