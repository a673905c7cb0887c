import Crypto
package import Domain
import FoundationEssentials
package import Rendering

/// All templates of a folder, compiled, and those of earlier versions that messages were accepted with.
///
/// What comes in: `Templates/<id>/template.yaml`, `Templates/<id>/<locale>/*`, `Templates/_partials/…`, read once. What
/// leaves: a shelf that never touches the disk again, so a folder edited while messages wait changes nothing for them.
package struct TemplateFolder: TemplateShelf {
    private let newest: [String: Template]
    private let versions: [TemplateRef: Template]
    /// The self-contained source of each current version, to be archived before the first message names it.
    package let sources: [(ref: TemplateRef, source: [UInt8])]
    /// Archived versions that this program can no longer compile; their messages cannot be rendered.
    package let unreadable: [TemplateRef]

    /// - Parameters:
    ///   - folder: a path; its name stands in front of the file in errors.
    ///   - archived: what the archive kept of earlier versions.
    /// - Throws: the first of `problems(in:)`.
    package init(
        folder: String, archived: [(ref: TemplateRef, source: [UInt8])] = []
    ) throws(ConfigurationError) {
        let (read, problems) = TemplateFolderReader(folder).all()
        if let first = problems.first { throw first }
        try self.init(read, archived: archived, folder: folder)
    }

    /// Every problem of every template, for `config check`; empty when the folder can be used.
    package static func problems(in folder: String) -> [ConfigurationError] {
        var (read, problems) = TemplateFolderReader(folder).all()
        for source in read {
            do { _ = try Self.compiled(source, folder: folder) } catch { problems.append(error) }
        }
        return problems
    }

    private init(
        _ read: [TemplateSource], archived: [(ref: TemplateRef, source: [UInt8])], folder: String
    ) throws(ConfigurationError) {
        var newest: [String: Template] = [:]
        var versions: [TemplateRef: Template] = [:]
        var sources: [(ref: TemplateRef, source: [UInt8])] = []
        var unreadable: [TemplateRef] = []
        for source in read {
            let (template, bytes) = try Self.compiled(source, folder: folder)
            newest[template.ref.id] = template
            versions[template.ref] = template
            sources.append((template.ref, bytes))
        }
        for (ref, bytes) in archived where versions[ref] == nil {
            if let template = Self.restored(ref, bytes) { versions[ref] = template } else { unreadable.append(ref) }
        }
        self.newest = newest
        self.versions = versions
        self.sources = sources
        self.unreadable = unreadable
    }

    package func current(_ id: String) -> Template? { newest[id] }
    package func template(_ ref: TemplateRef) -> Template? { versions[ref] }
    package var ids: [String] { newest.keys.sorted() }
    package func versions(of id: String) -> [String] {
        guard let current = newest[id]?.ref.version else { return [] }
        return [current] + versions.keys.filter { $0.id == id && $0.version != current }.map(\.version).sorted()
    }

    // MARK: versions

    /// The version is the hash of the very bytes that are archived: whoever holds them can check it.
    private static func compiled(
        _ source: TemplateSource, folder: String
    ) throws(ConfigurationError) -> (Template, [UInt8]) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? [UInt8](encoder.encode(source)) else {
            throw ConfigurationError(
                file: "\(folder)/\(source.id)",
                problem: Words(ru: "шаблон не записать", en: "the template cannot be written"))
        }
        do {
            return (try Template(compiling: source, version: version(of: bytes)), bytes)
        } catch {
            throw ConfigurationError(file: "\(folder)/\(error.file)", line: error.line, problem: error.fault.words)
        }
    }

    private static func version(of bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let hexadecimal = SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "sha256:" + String(decoding: hexadecimal, as: UTF8.self)
    }

    private static func restored(_ ref: TemplateRef, _ bytes: [UInt8]) -> Template? {
        guard version(of: bytes) == ref.version,
            let source = try? JSONDecoder().decode(TemplateSource.self, from: Data(bytes)), source.id == ref.id
        else { return nil }
        return try? Template(compiling: source, version: ref.version)
    }
}
