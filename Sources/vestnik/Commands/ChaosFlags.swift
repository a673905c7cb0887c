import Domain
import Sandbox

/// `sms.silence=5` → five in a hundred SMS are taken and never answered.
enum ChaosFlags {
    static func parse(_ flags: [String]) throws -> Chaos {
        var chaos = Chaos()
        for flag in flags {
            let parts = flag.split(separator: "=", maxSplits: 1).map { String($0) }
            guard parts.count == 2, let value = Int(parts[1]), value >= 0 else { throw malformed(flag) }
            if parts[0] == "delay" {
                chaos.delay = value
                continue
            }
            let names = parts[0].split(separator: ".").map { String($0) }
            guard names.count == 2, value <= 100, let group = Chaos.groups.first(where: { $0.name == names[0] }),
                let kind = Chaos.Switches.names.first(where: { $0.name == names[1] })
            else { throw malformed(flag) }
            chaos[keyPath: group.path][keyPath: kind.path] = value
        }
        return chaos
    }

    private static func malformed(_ flag: String) -> Failure {
        let groups = Chaos.groups.map(\.name).joined(separator: "|")
        let kinds = Chaos.Switches.names.map(\.name).joined(separator: "|")
        return Failure(
            .usage, ru: "--chaos \(flag): нужно (\(groups)).(\(kinds))=0…100 или delay=миллисекунды",
            en: "--chaos \(flag): (\(groups)).(\(kinds))=0…100 or delay=milliseconds is needed")
    }
}
