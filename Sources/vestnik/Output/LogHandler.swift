import Domain
import Foundation
import Logging

/// One JSON object per line on stderr; `key=value` when a person watches. Values hold no address: whoever logs one passes
/// an `Address`, which prints itself masked.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    let label: String

    init(label: String, level: Logger.Level) {
        self.label = label
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        if Console.errorIsTerminal {
            let pairs = facts.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            return Console.error("\(event.level) \(event.message) \(pairs)")
        }
        var line: [String: String] = [
            "ts": Clocks.now().wall.ISO8601Format(), "level": "\(event.level)", "message": "\(event.message)",
            "at": label,
        ]
        for (key, value) in facts { line[key] = "\(value)" }
        Console.error(JSONText.line(line))
    }
}
