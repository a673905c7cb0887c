import Domain
package import Foundation

/// A temporary folder with a gateway in it: configuration, purposes, templates and the database, all made anew and thrown
/// away at the end. The database lies on the disk of the folder: not on one made of memory, whose fsync costs nothing.
package struct BenchFolder: Sendable {
    package let root: URL
    let providerFiles: String

    /// - Parameters:
    ///   - parent: nil takes the system's temporary folder.
    ///   - providerFiles: the shipped descriptions of HTTP providers.
    package init(in parent: String?, providerFiles: String) throws(BenchFailure) {
        let above = parent.map { URL(filePath: $0).absoluteURL } ?? FileManager.default.temporaryDirectory
        root = above.appending(path: "vestnik-bench-\(getpid())")
        self.providerFiles = providerFiles
        try Self.make(root)
    }

    package func remove() { try? FileManager.default.removeItem(at: root) }

    /// A folder of its own for each run: what was sent once is not sent again.
    func house(_ name: String) throws(BenchFailure) -> BenchHouse {
        let folder = root.appending(path: name)
        try Self.make(folder)
        return BenchHouse(folder: folder, providerFiles: providerFiles)
    }

    var board: String { root.appending(path: "board").path() }

    static func make(_ folder: URL) throws(BenchFailure) {
        guard (try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)) != nil else {
            throw BenchFailure(
                .noPermission, ru: "папку \(folder.path()) не создать: укажите другую в --folder",
                en: "the folder \(folder.path()) cannot be made: give another one with --folder")
        }
    }
}

/// How the gateway under measurement is set up; everything else is as shipped.
package struct HouseSettings: Sendable {
    var smtpPort: Int
    var httpPort: Int
    /// Connections of each account.
    var connections = 64
    /// Messages claimed at once for each account.
    var window = 4096
}

/// The configuration of one run on the disk.
struct BenchHouse: Sendable {
    let folder: URL
    let providerFiles: String

    var configuration: String { folder.appending(path: "vestnik.yaml").path() }
    var database: String { folder.appending(path: "vestnik.db").path() }
    var control: String { folder.appending(path: "v.sock").path() }
    var log: String { folder.appending(path: "serve.log").path() }

    func write(_ settings: HouseSettings) throws(BenchFailure) {
        try put("bench-key", as: "key")
        try put(BenchWords.purposes, as: "purposes.yaml")
        for file in BenchWords.templates { try put(file.text, as: "Templates/" + file.path) }
        try put(
            """
            language: ru
            country: ru
            org_kind: private
            time_zone: Europe/Moscow
            organisation:
              name: УК «Наш дом»
              phone: "8 (800) 100-20-30"
              site: https://dom.example
              pay_url: https://dom.example/pay
            database: vestnik.db
            templates: Templates
            purposes: purposes.yaml
            provider_files: \(providerFiles)
            listen:
              control: v.sock
              api: 127.0.0.1:0
              public: 127.0.0.1:0
            api:
              rate: 1000000
              burst: 1000000
            worker:
              window: \(settings.window)
            providers:
              smtp-main:
                kind: smtp
                base_url: smtp://127.0.0.1:\(settings.smtpPort)
                tls: none
                sender: УК «Наш дом» <info@dom.example>
                helo_name: dom.example
                concurrency: \(settings.connections)
              sms-main:
                kind: kannel
                base_url: http://127.0.0.1:\(settings.httpPort)
                user: bench
                secret: {file: key}
                sender: UKDOM
                concurrency: \(settings.connections)

            """, as: "vestnik.yaml")
    }

    private func put(_ text: String, as name: String) throws(BenchFailure) {
        let file = folder.appending(path: name)
        try BenchFolder.make(file.deletingLastPathComponent())
        guard
            FileManager.default.createFile(
                atPath: file.path(), contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else {
            throw BenchFailure(
                .noPermission, ru: "файл \(file.path()) не записать", en: "the file \(file.path()) cannot be written")
        }
    }
}
