import Domain
import FoundationEssentials
import Rendering

/// Reads the files of templates. It knows folders, names and UTF-8; what the texts mean is `Rendering`'s to say.
struct TemplateFolderReader {
    private let folder: String
    private static let longestFile = 400_000

    init(_ folder: String) { self.folder = folder }

    /// Templates in the order of their names, and all problems met on the way.
    func all() -> ([TemplateSource], [ConfigurationError]) {
        var sources: [TemplateSource] = []
        var problems: [ConfigurationError] = []
        do throws(ConfigurationError) {
            let partials = try self.partials()
            let ids = try names(in: folder).filter { isFolder("\(folder)/\($0)") && $0 != "_partials" }
            if ids.isEmpty {
                problems.append(
                    error(folder, Words(ru: "в папке нет ни одного шаблона", en: "the folder holds no template")))
            }
            for id in ids {
                do throws(ConfigurationError) {
                    var source = try template(id)
                    source.partials = partials
                    sources.append(source.withReachedPartials())
                } catch { problems.append(error) }
            }
        } catch { problems.append(error) }
        return (sources, problems)
    }

    private func template(_ id: String) throws(ConfigurationError) -> TemplateSource {
        let manifest = "\(folder)/\(id)/template.yaml"
        var source = try TemplateManifest.read(try text(of: manifest), file: manifest, id: id)
        for locale in try names(in: "\(folder)/\(id)") where locale != "template.yaml" {
            let place = "\(folder)/\(id)/\(locale)"
            guard isFolder(place), isLocale(locale) else {
                throw error(
                    place,
                    Words(
                        ru: "здесь бывают template.yaml и папки языков: ru, tt",
                        en: "only template.yaml and folders of locales are known here: ru, tt"))
            }
            for name in try names(in: place) {
                guard Part(rawValue: name) != nil else { throw unknownPart(name, in: place) }
                source.parts[locale, default: [:]][name] = try text(of: "\(place)/\(name)")
            }
        }
        return source
    }

    /// `_partials/<locale or shared>/<name>`; a folder of templates may have none.
    private func partials() throws(ConfigurationError) -> [String: String] {
        let root = "\(folder)/_partials"
        guard isFolder(root) else { return [:] }
        var found: [String: String] = [:]
        for locale in try names(in: root) where isFolder("\(root)/\(locale)") {
            for name in try names(in: "\(root)/\(locale)") {
                found["\(locale)/\(name)"] = try text(of: "\(root)/\(locale)/\(name)")
            }
        }
        return found
    }

    private func unknownPart(_ name: String, in place: String) -> ConfigurationError {
        let near = nearestName(to: name, among: Part.allCases.map(\.rawValue))
        let known = TemplateFault.unknownPart(name).words
        return error(
            "\(place)/\(name)",
            near.map {
                Words(ru: "такого текста не бывает; может быть, \($0)?", en: "no such text; did you mean \($0)?")
            } ?? known)
    }

    /// `ru`, `tt`, `ru-KZ`
    private func isLocale(_ name: String) -> Bool {
        (2...12).contains(name.utf8.count)
            && name.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || $0 == UInt8(ascii: "-") }
    }

    // MARK: files

    private func error(_ file: String, _ problem: Words) -> ConfigurationError {
        ConfigurationError(file: file, problem: problem)
    }

    /// Sorted, so that the first error is the same on every machine; editors' leftovers do not count.
    private func names(in place: String) throws(ConfigurationError) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: place) else {
            throw error(
                place,
                Words(
                    ru: "папку не прочитать: её нет или не хватает прав",
                    en: "the folder cannot be read: it is missing or not permitted"))
        }
        return names.filter { $0.utf8.first != UInt8(ascii: ".") && $0.utf8.last != UInt8(ascii: "~") }.sorted()
    }

    private func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }

    private func text(of path: String) throws(ConfigurationError) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw error(
                path,
                Words(
                    ru: "файл не прочитать: его нет или не хватает прав",
                    en: "the file cannot be read: it is missing or not permitted"))
        }
        guard data.count <= Self.longestFile else { throw error(path, TemplateFault.tooLarge.words) }
        guard let text = String(validating: data, as: UTF8.self) else { throw error(path, TemplateFault.notUTF8.words) }
        return text.utf8.starts(with: [0xEF, 0xBB, 0xBF])
            ? String(decoding: text.utf8.dropFirst(3), as: UTF8.self) : text
    }
}
