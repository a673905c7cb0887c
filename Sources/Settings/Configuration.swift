// Everything this installation is told in files: vestnik.yaml, the purposes, the declared providers and the templates,
// read together and checked against each other. `vestnik config check` does nothing else, and nothing starts without it.

package import Domain
import Foundation
package import Policy
package import Providers
import Rendering

package struct Configuration: Sendable {
    package var settings: VestnikSettings
    package var purposes: [PurposeID: Purpose]
    package var declared: [String: DeclaredDescription]
    /// The templates as they are on disk now. With archived versions: `TemplateFolder(folder:archived:)`.
    package var templates: TemplateFolder
    /// What works, and yet is hardly meant so. Nothing is refused for it; `config check`, `doctor` and the start say it.
    package var warnings: [ConfigurationError]

    /// - Parameters:
    ///   - file: path of vestnik.yaml.
    ///   - flags: values from the command line by full key, as `database` or `worker.window`.
    /// - Throws: everything that is wrong in all the files.
    package static func load(
        _ file: String, environment: [String: String], flags: [String: String] = [:]
    ) throws(ConfigurationErrors) -> Configuration {
        var complaints = Complaints()
        guard let text = text(of: file, &complaints) else { throw ConfigurationErrors(complaints.all) }
        let pages = declaredProviders(
            in: try VestnikFile.providerFolder(text, file: file, environment: environment, flags: flags), &complaints)
        let declared = pages.mapValues(\.description)
        var settings: VestnikSettings?
        do throws(ConfigurationErrors) {
            settings = try VestnikFile.read(
                text, file: file, environment: environment, flags: flags, manifests: manifests(declared))
        } catch {
            complaints.add(error.all)
        }
        guard let settings else { throw ConfigurationErrors(complaints.all) }
        let entries = purposes(settings.paths.purposes, &complaints)
        let purposes = Dictionary(entries.map { ($0.purpose.id, $0.purpose) }, uniquingKeysWith: { $1 })
        complaints.add(
            DoubtRule(purposes: entries, providers: settings.providers)
                .problems(in: pages.sorted { $0.key < $1.key }.map(\.value)))
        complaints.add(TemplateFolder.problems(in: settings.paths.templates))
        try complaints.check()

        let templates: TemplateFolder
        do throws(ConfigurationError) { templates = try TemplateFolder(folder: settings.paths.templates) } catch {
            throw ConfigurationErrors([error])
        }
        complaints.add(strangePurposes(templates, purposes, settings.paths.templates))
        try complaints.check()
        return Configuration(
            settings: settings, purposes: purposes, declared: declared, templates: templates,
            warnings: unreachable(entries, settings, carried(settings, declared)))
    }

    /// Channels that some configured account carries.
    package var carried: Set<Channel> { Self.carried(settings, declared) }

    private static func carried(
        _ settings: VestnikSettings, _ declared: [String: DeclaredDescription]
    ) -> Set<Channel> {
        let manifests = manifests(declared)
        return settings.providers.reduce(into: []) { $0.formUnion(manifests[$1.kind]?.channels ?? []) }
    }

    /// Purposes whose messages would wait for a provider until they expire.
    private static func unreachable(
        _ purposes: [PurposeFile.Entry], _ settings: VestnikSettings, _ carried: Set<Channel>
    ) -> [ConfigurationError] {
        guard !settings.providers.isEmpty else {
            return [
                ConfigurationError(
                    file: settings.file, key: "providers",
                    problem: Words(
                        ru: "нет ни одного провайдера: сообщения будут только копиться",
                        en: "there is no provider: messages will only pile up"))
            ]
        }
        return purposes.filter { carried.isDisjoint(with: $0.purpose.channels) }.map { entry in
            let names = entry.purpose.channels.map(\.rawValue).joined(separator: ", ")
            return entry.channels.error(
                Words(
                    ru:
                        "ни один провайдер не несёт каналов этой цели (\(names)): её сообщения будут ждать; добавьте провайдера или канал",
                    en:
                        "no provider carries a channel of this purpose (\(names)): its messages will wait; add a provider or a channel"
                ))
        }
    }

    /// What a stop may leave in doubt, for `doctor`; nil where it waits for everything that has begun.
    package var stopNotice: ConfigurationError? {
        LeaseRule(manifests: Self.manifests(declared), rows: settings.rows, file: settings.file)
            .stopNotice(shutdown: settings.worker.shutdown, providers: settings.providers)
    }

    /// The configured accounts of each channel, in the order of the file. Put together anew each time: keep it.
    package var accounts: [Channel: [ProviderID]] {
        let manifests = Self.manifests(declared)
        var accounts: [Channel: [ProviderID]] = [:]
        for provider in settings.providers {
            for channel in manifests[provider.kind]?.channels ?? [] {
                accounts[channel, default: []].append(provider.id)
            }
        }
        return accounts
    }

    package var rules: HouseRules { settings.rules(carried: carried) }

    private static func manifests(_ declared: [String: DeclaredDescription]) -> [String: ProviderManifest] {
        var manifests: [String: ProviderManifest] = [:]
        for manifest in Catalog.manifests(declared: declared) { manifests[manifest.kind] = manifest }
        return manifests
    }

    private static func declaredProviders(
        in folder: String, _ complaints: inout Complaints
    ) -> [String: DeclaredFile.Page] {
        var declared: [String: DeclaredFile.Page] = [:]
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        for name in names where name.utf8.suffix(5).elementsEqual(".yaml".utf8) {
            let kind = String(name.dropLast(5)), path = folder + "/" + name
            guard !Catalog.builtIn.contains(kind) else {
                complaints.add(
                    ConfigurationError(
                        file: path,
                        problem: Words(
                            ru: "вид \(kind) уже есть в программе; назовите файл иначе",
                            en: "the kind \(kind) is built in already; give the file another name")))
                continue
            }
            guard let text = text(of: path, &complaints) else { continue }
            declared[kind] = complaints.noting { () throws(ConfigurationError) in
                try DeclaredFile.page(text, kind: kind, file: path)
            }
        }
        return declared
    }

    private static func purposes(_ path: String, _ complaints: inout Complaints) -> [PurposeFile.Entry] {
        guard let text = text(of: path, &complaints) else { return [] }
        do throws(ConfigurationErrors) { return try PurposeFile.entries(text, file: path) } catch {
            complaints.add(error.all)
            return []
        }
    }

    private static func strangePurposes(
        _ templates: TemplateFolder, _ purposes: [PurposeID: Purpose], _ folder: String
    ) -> [ConfigurationError] {
        templates.ids.compactMap { id in
            guard let template = templates.current(id), purposes[template.purpose] == nil else { return nil }
            let near = nearestName(to: template.purpose.text, among: purposes.keys.map(\.text))
            return ConfigurationError(
                file: "\(folder)/\(id)/template.yaml", key: "purpose",
                problem: Words(
                    ru: "цели \(template.purpose) нет в списке целей" + (near.map { "; может быть, \($0)?" } ?? ""),
                    en: "the purpose \(template.purpose) is not configured"
                        + (near.map { "; did you mean \($0)?" } ?? "")))
        }
    }

    private static func text(of path: String, _ complaints: inout Complaints) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            complaints.add(
                ConfigurationError(
                    file: path,
                    problem: exists
                        ? Words(ru: "файл не читается: проверьте права", en: "the file cannot be read: check its mode")
                        : Words(ru: "такого файла нет", en: "there is no such file")))
            return nil
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            complaints.add(
                ConfigurationError(file: path, problem: Words(ru: "файл не в UTF-8", en: "the file is not UTF-8")))
            return nil
        }
        return text
    }
}
