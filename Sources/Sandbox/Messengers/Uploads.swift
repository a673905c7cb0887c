import Synchronization

/// Files that were uploaded and wait for a message to carry them.
final class Uploads: Sendable {
    private struct State {
        var files: [String: CapturedMessage.Attachment] = [:]
        var order: [String] = []
        var weight = 0
    }

    /// Together they stay below this; the oldest give way.
    private static let maximumWeight = 128 << 20

    private let state = Mutex(State())

    func ticket() -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<24).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }

    func put(_ file: CapturedMessage.Attachment, under token: String) {
        state.withLock { state in
            if state.files.updateValue(file, forKey: token) == nil { state.order.append(token) }
            state.weight += file.bytes.count
            while state.weight > Self.maximumWeight, state.order.count > 1 {
                let oldest = state.order.removeFirst()
                state.weight -= state.files.removeValue(forKey: oldest)?.bytes.count ?? 0
            }
        }
    }

    func file(_ token: String) -> CapturedMessage.Attachment? { state.withLock { $0.files[token] } }
}
