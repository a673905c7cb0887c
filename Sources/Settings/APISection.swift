import Domain

/// The section `api` of vestnik.yaml.
extension VestnikFile {
    static func api(_ root: inout YAMLMapping, _ reader: inout SettingReader) -> APISettings? {
        var map = reader.section("api", in: &root)
        let builtIn = APISettings()
        func number(_ key: String, _ value: Int, _ range: ClosedRange<Int>) -> Int? {
            reader.read(key, in: &map, default: value) { value throws(ConfigurationError) in try value.int(in: range) }
        }
        let rate = number("rate", builtIn.rate, 1...1_000_000)
        let burst = number("burst", builtIn.burst, 1...1_000_000)
        let limit = number("queue_limit", builtIn.queueLimit, 1...1_000_000_000)
        let keys = reader.word("idempotency_key", in: &map, default: KeyRule.optional)
        reader.complaints.add(map.strangers)
        guard let rate, let burst, let limit, let keys else { return nil }
        return APISettings(rate: rate, burst: burst, queueLimit: limit, keysAreRequired: keys == .required)
    }

    private enum KeyRule: String, Sendable, CaseIterable { case optional, required }
}
