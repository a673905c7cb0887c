import Foundation

/// Codable values as one line of JSON with sorted keys: what `--json` prints.
enum JSONText {
    static func line(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Our own reports are plain values; an encoder that fails on one is a bug that must be loud, not a crash.
        guard let data = try? encoder.encode(value) else { return #"{"error":"not encodable"}"# }
        return String(decoding: data, as: UTF8.self)
    }
}
