import Delivery
import Domain
import Foundation
import Providers

/// One account of one kind.
struct ProviderEntry {
    var map: YAMLMapping
    let manifest: ProviderManifest
    private let folder: String
    private let environment: [String: String]
    var complaints = Complaints()
    private(set) var rows: [SettingRow] = []
    private(set) var variables: [String] = []

    init(map: YAMLMapping, manifest: ProviderManifest, folder: String, environment: [String: String]) {
        self.map = map
        self.manifest = manifest
        self.folder = folder
        self.environment = environment
    }

    private var speaksSMTP: Bool { manifest.schemes.contains("smtp") || manifest.schemes.contains("smtps") }
    private func uses(_ name: String) -> Bool { manifest.settings.contains { $0.name == name } }
    private func needs(_ name: String) -> Bool { manifest.settings.contains { $0.name == name && $0.required } }

    mutating func read(_ id: ProviderID) -> ProviderSettings? {
        note("kind", manifest.kind, nil)
        let base = take("base_url", default: manifest.base) { entry, value throws(ConfigurationError) in
            try entry.address(value, schemes: entry.manifest.schemes)
        }
        let caFile = take("ca_file") { entry, value throws(ConfigurationError) in try entry.certificates(value) }
        let proxy = take("proxy") { entry, value throws(ConfigurationError) in
            try entry.address(value, schemes: ["http", "https", "socks5", "socks5h"])
        }
        let timeout = time("timeout", .seconds(30), .milliseconds(100)...(.seconds(600)))
        let connect = time("connect_timeout", .seconds(10), .milliseconds(100)...(.seconds(120)))
        let idle = time("idle_limit", .seconds(20), .seconds(1)...(.seconds(600)))
        let fresh = freshConnections()
        let concurrency = concurrency()
        let pace = pace()
        let tls = speaksSMTP ? tls() : .required
        let helo = speaksSMTP ? helo() : nil
        let sender = named("sender"), user = named("user")
        let secret = secret(base ?? "")
        let values = values()
        complaints.add(map.strangers)
        guard complaints.all.isEmpty, let base, let timeout, let connect, let idle, let fresh, let concurrency,
            let tls
        else { return nil }
        let account = AccountSettings(
            baseURL: base, caFile: caFile, proxy: proxy, timeout: timeout, connectTimeout: connect,
            concurrency: concurrency, freshConnections: fresh, idleLimit: idle)
        return ProviderSettings(
            id: id, kind: manifest.kind, account: account, sender: sender, secret: secret, user: user, tls: tls,
            heloName: helo ?? "localhost.localdomain", values: values, pace: pace)
    }

    mutating func note(_ key: String, _ value: String, _ origin: YAMLValue?, builtIn: Bool = false) {
        let path = map.value.path + "." + key
        rows.append(
            SettingRow(
                key: path, value: value, origin: builtIn ? .builtIn : .file(line: origin?.line ?? map.value.line)))
    }

    private mutating func take(
        _ key: String, default builtIn: String? = nil,
        _ parse: (Self, YAMLValue) throws(ConfigurationError) -> String
    ) -> String? {
        guard let value = map.take(key) else {
            if let builtIn { note(key, builtIn, nil, builtIn: true) } else if key == "base_url" { missing(key) }
            return builtIn
        }
        let entry = self
        guard let text = complaints.noting({ () throws(ConfigurationError) in try parse(entry, value) }) else {
            return nil
        }
        note(key, text, value)
        return text
    }

    private mutating func missing(_ key: String) {
        complaints.add(
            map.value.error(
                Words(
                    ru: "не хватает ключа \(key): он нужен виду \(manifest.kind)",
                    en: "the key \(key) is missing: \(manifest.kind) needs it")))
    }

    /// `sender` and `user`: known only where the kind uses them.
    private mutating func named(_ key: String) -> String? {
        guard uses(key) else { return nil }
        guard let value = map.take(key) else {
            if needs(key) { missing(key) }
            return nil
        }
        guard let text = complaints.noting({ () throws(ConfigurationError) in try value.line() }) else { return nil }
        note(key, text, value)
        return text
    }

    private mutating func secret(_ base: String) -> Secret? {
        guard uses("secret") else { return nil }
        guard let value = map.take("secret") else {
            if needs("secret") { missing("secret") }
            return nil
        }
        if value.isMapping, var inside = try? value.mapping(), let name = try? inside.take("env")?.string() {
            variables.append(name)
        }
        let reference = SecretReference(folder: folder, environment: environment)
        let loopback = isLoopback(base)
        let found = complaints.noting { () throws(ConfigurationError) in
            try reference.secret(value, loopback: loopback)
        }
        guard let found else { return nil }
        note("secret", found.shown, value)
        return found.secret
    }

    private mutating func values() -> [String: String] {
        let general: Set = ["base_url", "sender", "user", "secret", "tls", "helo_name"]
        let own = manifest.settings.filter { !general.contains($0.name) }
        guard !own.isEmpty else { return [:] }
        guard let value = map.take("values") else {
            for setting in own where setting.required { missing("values." + setting.name) }
            return [:]
        }
        guard var inside = complaints.noting({ () throws(ConfigurationError) in try value.mapping() }) else {
            return [:]
        }
        var values: [String: String] = [:]
        for setting in own {
            guard let item = inside.take(setting.name) else {
                if setting.required { missing("values." + setting.name) }
                continue
            }
            if setting.secret {
                let reference = SecretReference(folder: folder, environment: environment)
                let found = complaints.noting { () throws(ConfigurationError) in
                    try reference.secret(item, loopback: false)
                }
                values[setting.name] = found?.secret.exposed
                note("values." + setting.name, found?.shown ?? "•••", item)
            } else if let text = complaints.noting({ () throws(ConfigurationError) in try item.line() }) {
                values[setting.name] = text
                note("values." + setting.name, text, item)
            }
        }
        complaints.add(inside.strangers)
        return values
    }

    private mutating func time(_ key: String, _ builtIn: Duration, _ range: ClosedRange<Duration>) -> Duration? {
        guard let value = map.take(key) else {
            note(key, builtIn.shown, nil, builtIn: true)
            return builtIn
        }
        guard let time = complaints.noting({ () throws(ConfigurationError) in try value.duration(in: range) }) else {
            return nil
        }
        note(key, time.shown, value)
        return time
    }

    /// Not for mail: its sessions carry many mails, and a lost one cannot repeat a mail by itself.
    private mutating func freshConnections() -> Bool? {
        guard !speaksSMTP else { return false }
        guard let value = map.take("fresh_connections") else {
            note("fresh_connections", "false", nil, builtIn: true)
            return false
        }
        guard let fresh = complaints.noting({ () throws(ConfigurationError) in try value.bool() }) else { return nil }
        note("fresh_connections", "\(fresh)", value)
        return fresh
    }

    private mutating func concurrency() -> Int? {
        let limit = manifest.concurrency ?? 256
        guard let value = map.take("concurrency") else {
            note("concurrency", "\(min(8, limit))", nil, builtIn: true)
            return min(8, limit)
        }
        guard let count = complaints.noting({ () throws(ConfigurationError) in try value.int(in: 1...limit) }) else {
            return nil
        }
        note("concurrency", "\(count)", value)
        return count
    }

    private mutating func tls() -> SMTPSettings.TLS? {
        guard let value = map.take("tls") else {
            note("tls", SMTPSettings.TLS.required.rawValue, nil, builtIn: true)
            return .required
        }
        guard
            let tls = complaints.noting({ () throws(ConfigurationError) in try value.word(of: SMTPSettings.TLS.self) })
        else { return nil }
        note("tls", tls.rawValue, value)
        return tls
    }

    private mutating func helo() -> String? {
        take("helo_name", default: "localhost.localdomain") { _, value throws(ConfigurationError) in
            let name = try value.line(limit: 253)
            guard name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw value.error(Words(ru: "нужно имя узла", en: "a host name is needed"))
            }
            return name
        }
    }

    private func certificates(_ value: YAMLValue) throws(ConfigurationError) -> String {
        let path = absolute(try value.line(limit: 4096), below: folder)
        guard let data = FileManager.default.contents(atPath: path),
            data.range(of: Data("-----BEGIN CERTIFICATE-----".utf8)) != nil
        else {
            throw value.error(
                Words(ru: "в файле \(path) нет сертификатов PEM", en: "there are no PEM certificates in \(path)"))
        }
        return path
    }

    /// `scheme://host[:port][/path]`, printable ASCII, nobody's password in it.
    private func address(_ value: YAMLValue, schemes: [String]) throws(ConfigurationError) -> String {
        let text = try value.line(limit: 1000)
        let shapes = schemes.map { $0 + "://…" }.joined(separator: ", ")
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let parts = URLComponents(string: text),
            let scheme = parts.scheme, schemes.contains(scheme), let host = parts.host, !host.isEmpty
        else { throw value.error(Words(ru: "нужен адрес \(shapes)", en: "an address \(shapes) is needed")) }
        guard parts.user == nil, parts.password == nil else {
            throw value.error(
                Words(
                    ru: "пароль пишут не в адрес, а в secret",
                    en: "a password belongs into secret, not into the address"))
        }
        return text
    }

    private func isLoopback(_ base: String) -> Bool {
        guard let host = URLComponents(string: base)?.host else { return false }
        return ["127.0.0.1", "localhost", "[::1]", "::1"].contains(host)
    }
}
