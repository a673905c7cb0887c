import Domain
import Providers

/// `providers:` of vestnik.yaml: one account an entry. What a kind of provider does not use is refused, not ignored.
struct ProviderSection {
    let folder: String
    let manifests: [String: ProviderManifest]
    let environment: [String: String]
    let deniesForeign: Bool
    /// Variables of the environment that hold secrets.
    private(set) var variables: [String] = []

    init(folder: String, manifests: [String: ProviderManifest], environment: [String: String], deniesForeign: Bool) {
        self.folder = folder
        self.manifests = manifests
        self.environment = environment
        self.deniesForeign = deniesForeign
    }

    mutating func read(_ root: inout YAMLMapping, _ reader: inout SettingReader) -> [ProviderSettings] {
        var providers: [ProviderSettings] = []
        var map = reader.section("providers", in: &root)
        for (name, value) in map.rest() {
            guard let id = ProviderID(name) else {
                reader.complaints.add(
                    value.error(
                        Words(
                            ru: "имя провайдера: строчные латинские буквы, цифры, - и _",
                            en: "a provider's name has lower-case Latin letters, digits, - and _")))
                continue
            }
            guard id != .rehearsal else {
                reader.complaints.add(
                    value.error(
                        Words(
                            ru: "имя \(id) занято: под ним стоят сообщения ключей vk_test_",
                            en: "the name \(id) is taken: messages of vk_test_ keys stand under it")))
                continue
            }
            if let provider = provider(id, value, &reader) { providers.append(provider) }
        }
        return providers
    }

    private mutating func provider(
        _ id: ProviderID, _ value: YAMLValue, _ reader: inout SettingReader
    ) -> ProviderSettings? {
        guard var map = reader.complaints.noting({ () throws(ConfigurationError) in try value.mapping() }) else {
            return nil
        }
        let written = reader.complaints.noting { () throws(ConfigurationError) in try map.require("kind") }
        let kind = written.flatMap { written in
            reader.complaints.noting { () throws(ConfigurationError) in try written.oneOf(manifests.keys.sorted()) }
        }
        // What else stands here can only be judged once we know what it is for.
        guard let kind, let manifest = manifests[kind] else { return nil }
        var entry = ProviderEntry(map: map, manifest: manifest, folder: folder, environment: environment)
        let provider = entry.read(id)
        reader.complaints.add(entry.complaints.all)
        for row in entry.rows {
            // The kind was read here, before anybody knew what else belongs to the entry.
            let isKind = row.key == value.path + ".kind"
            reader.note(row.key, row.value, isKind ? .file(line: written?.line) : row.origin)
        }
        variables += entry.variables
        if deniesForeign, let provider, manifest.channels.contains(where: \.isForeignMessenger) {
            reader.complaints.add(
                value.error(
                    Words(
                        ru:
                            "организациям этого вида (org_kind) закон 41-ФЗ запрещает писать клиентам в иностранные мессенджеры; уберите \(provider.id)",
                        en:
                            "organisations of this org_kind may not write to clients through foreign messengers (41-FZ); remove \(provider.id)"
                    )))
        }
        return provider
    }
}
