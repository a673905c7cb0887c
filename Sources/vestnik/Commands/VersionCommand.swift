import ArgumentParser
import Delivery
import StoreSQLite

/// What this binary is.
enum Version {
    static let number = "0.1.0"
    static let text = "vestnik \(number)"
}

struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Версия и библиотеки · version and libraries")
    /// Like every command, although it reads no configuration.
    @OptionGroup var options: HouseOptions

    func run() async throws {
        let line = VersionLine()
        Console.print(
            options.json
                ? JSONText.line(line) : "vestnik \(line.version)\nlibcurl \(line.libcurl)\nSQLite \(line.sqlite)")
    }
}

struct VersionLine: Encodable {
    var version = Version.number
    var libcurl = CurlLibrary.version
    var sqlite = SQLiteLibrary.version
}
