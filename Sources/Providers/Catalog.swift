// Which kinds of provider there are. A new one is one file beside the others and one line in the table below; a new
// declared one is a file in Config/providers and no line at all.

package import Delivery
package import Domain

/// Which setting of an account is missing or wrong, in words for people. Never holds a value.
package struct CatalogError: Error, Sendable, Hashable {
    /// As in vestnik.yaml: `kind`, `secret`, `sender`, `base_url` …
    package var setting: String
    package var problem: Words
    package init(_ setting: String, ru: String, en: String) {
        self.setting = setting
        problem = Words(ru: ru, en: en)
    }
}

package enum Catalog {
    struct Entry: Sendable {
        var manifest: ProviderManifest
        /// Gets settings that `check` has passed.
        var make: @Sendable (ProviderSettings, ProviderProfile, TimeSource) throws(CatalogError) -> any Provider
    }

    static let table: [Entry] = [
        Entry(manifest: SMTPMail.manifest, make: SMTPMail.account),
        Entry(manifest: MAXProvider.manifest, make: MAXProvider.account),
        Entry(manifest: TelegramProvider.manifest, make: TelegramProvider.account),
    ]

    /// Kinds that need no file.
    package static var builtIn: Set<String> { Set(table.map(\.manifest.kind)) }

    /// Every kind that an account may name, by name.
    package static func manifests(declared: [String: DeclaredDescription]) -> [ProviderManifest] {
        (table.map(\.manifest) + declared.values.map(\.manifest)).sorted { $0.kind < $1.kind }
    }

    package static func manifest(
        of kind: String, declared: [String: DeclaredDescription]
    ) throws(CatalogError) -> ProviderManifest {
        try entry(kind, declared).manifest
    }

    /// Makes the account ready to send; nothing is connected yet.
    /// - Throws: `CatalogError` when a setting that the kind needs is missing or cannot be right.
    package static func provider(
        for settings: ProviderSettings, declared: [String: DeclaredDescription], time: TimeSource
    ) throws(CatalogError) -> any Provider {
        let entry = try entry(settings.kind, declared)
        let manifest = entry.manifest
        var settings = settings
        if settings.account.baseURL.utf8.isEmpty, let base = manifest.base { settings.account.baseURL = base }
        if let most = manifest.concurrency { settings.account.concurrency = min(settings.account.concurrency, most) }
        try check(settings, manifest)
        var profile = ProviderProfile(
            id: settings.id, channels: manifest.channels, concurrency: settings.account.concurrency,
            idempotent: manifest.idempotent, timeout: manifest.longest(timeout: settings.account.timeout))
        profile.pace = settings.pace ?? manifest.pace
        profile.canBeAsked = manifest.canBeAsked
        return try entry.make(settings, profile, time)
    }

    private static func entry(
        _ kind: String, _ declared: [String: DeclaredDescription]
    ) throws(CatalogError) -> Entry {
        if let entry = table.first(where: { $0.manifest.kind == kind }) { return entry }
        if let description = declared[kind] { return description.entry }
        let known = (table.map(\.manifest.kind) + declared.keys).sorted()
        let near = nearestName(to: kind, among: known)
        throw CatalogError(
            "kind",
            ru: "вида «\(kind)» нет; "
                + (near.map { "может быть, \($0)?" } ?? "есть: \(known.joined(separator: ", "))"),
            en: "there is no kind \"\(kind)\"; "
                + (near.map { "did you mean \($0)?" } ?? "known: \(known.joined(separator: ", "))"))
    }

    private static func check(_ settings: ProviderSettings, _ manifest: ProviderManifest) throws(CatalogError) {
        guard !settings.account.baseURL.utf8.isEmpty else {
            throw CatalogError("base_url", ru: "нужен адрес провайдера", en: "the provider's address is needed")
        }
        guard BaseURL(settings.account.baseURL, schemes: manifest.schemes) != nil else {
            let schemes = manifest.schemes.map { $0 + "://" }.joined(separator: ", ")
            throw CatalogError(
                "base_url", ru: "нужен адрес вида \(schemes)узел, без пользователя, ? и #",
                en: "an address \(schemes)host is needed, without a user, ? and #")
        }
        for setting in manifest.settings { try check(setting, settings, manifest.kind) }
        let known = manifest.settings.map(\.name)
        if let stranger = settings.values.keys.sorted().first(where: { !known.contains($0) }) {
            let near = nearestName(to: stranger, among: known)
            throw CatalogError(
                stranger, ru: "\(manifest.kind) не знает этой настройки" + (near.map { "; может быть, \($0)?" } ?? ""),
                en: "\(manifest.kind) has no such setting" + (near.map { "; did you mean \($0)?" } ?? ""))
        }
    }

    private static func check(
        _ setting: ProviderManifest.Setting, _ settings: ProviderSettings, _ kind: String
    ) throws(CatalogError) {
        guard let value = settings.named(setting.name), !value.utf8.isEmpty else {
            guard setting.required else { return }
            throw CatalogError(
                setting.name, ru: "\(kind) без \(setting.name) не работает",
                en: "\(kind) does not work without \(setting.name)")
        }
        // It goes into headers and command lines; a line end at the end of a secret file is the usual case.
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw CatalogError(
                setting.name, ru: "в значении есть управляющий символ или конец строки",
                en: "the value holds a control character or a line end")
        }
    }

    package static func isBase(_ text: String) -> Bool { BaseURL(text) != nil }
}
