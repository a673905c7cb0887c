import Domain
import Foundation

/// Where `Config/` and `Templates/` of this installation are: `VESTNIK_HOME`, the folder above the configuration file, the
/// working directory, or a folder above the binary (a checkout with its `.build`).
struct Resources: Sendable {
    let root: URL

    static func find(beside config: String? = nil) throws -> Resources {
        var places: [URL] = []
        if let home = ProcessInfo.processInfo.environment["VESTNIK_HOME"] { places.append(URL(filePath: home)) }
        if let config {
            let folder = URL(filePath: config).absoluteURL.deletingLastPathComponent()
            places += [folder, folder.deletingLastPathComponent()]
        }
        places.append(URL(filePath: FileManager.default.currentDirectoryPath))
        places.append(URL(filePath: "/usr/share/vestnik"))
        var above = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<6 {
            places.append(above)
            above = above.deletingLastPathComponent()
        }
        for place in places where exists(place.appending(path: "Config/purposes.yaml")) {
            return Resources(root: place)
        }
        throw Failure(
            .configuration,
            ru: "не нашлись Config/ и Templates/: запустите из папки проекта или укажите VESTNIK_HOME",
            en: "Config/ and Templates/ were not found: run from the project's folder or set VESTNIK_HOME")
    }

    func path(_ name: String) -> String { root.appending(path: name).path() }

    func read(_ name: String) throws -> Data {
        guard let data = FileManager.default.contents(atPath: path(name)) else {
            throw Failure(
                .configuration, ru: "файл \(path(name)) не читается", en: "the file \(path(name)) cannot be read")
        }
        return data
    }

    private static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path()) }
}
