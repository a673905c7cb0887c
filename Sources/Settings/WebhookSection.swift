import Delivery
import Domain
import Events

/// The section `webhooks` of vestnik.yaml.
extension VestnikFile {
    static func webhooks(_ root: inout YAMLMapping, _ reader: inout SettingReader) -> WebhookRules? {
        var map = reader.section("webhooks", in: &root)
        let allowed = reader.read(
            "allow", in: &map, default: [Subnet](), shown: { $0.map(\.text).joined(separator: " ") }
        ) { value throws(ConfigurationError) in try networks(value) }
        let ports = reader.read(
            "ports", in: &map, default: [Int](), shown: { $0.map(String.init).joined(separator: " ") }
        ) { value throws(ConfigurationError) in try numbers(value) }
        let timeout = reader.read("timeout", in: &map, default: .seconds(15), shown: \.shown) {
            value throws(ConfigurationError) in try value.duration(in: .seconds(1)...(.seconds(60)))
        }
        reader.complaints.add(map.strangers)
        guard let allowed, let ports, let timeout else { return nil }
        return WebhookRules(allowed: allowed, ports: Set(ports), timeout: timeout)
    }

    private static func networks(_ value: YAMLValue) throws(ConfigurationError) -> [Subnet] {
        var ranges: [Subnet] = []
        for item in try value.words() {
            guard let range = Subnet(try item.string()) else {
                throw item.error(
                    Words(
                        ru: "нужна сеть вида 10.20.0.0/16 или fd00::/8, или один адрес; имена не годятся",
                        en: "a network like 10.20.0.0/16 or fd00::/8 or one address is needed; names will not do"))
            }
            ranges.append(range)
        }
        return ranges
    }

    private static func numbers(_ value: YAMLValue) throws(ConfigurationError) -> [Int] {
        var ports: [Int] = []
        for item in try value.words() { ports.append(try item.int(in: 1...65_535)) }
        return ports
    }
}

extension YAMLValue {
    /// A list in the file, words with spaces between in the environment.
    func words() throws(ConfigurationError) -> [YAMLValue] {
        if isList { return try list() }
        return try string().split(separator: " ").map { YAMLValue(text: String($0), named: file, path: path) }
    }
}
