import Domain
import Foundation

/// The log of what arrived, for an examiner who does not trust the gateway's own database. One JSON object a line,
/// handed to the kernel by one `write` before the answer leaves: it survives the death of any process, not of the
/// machine (no fsync).
final class Witness: Sendable {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws(SandboxError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .witnessUnwritable(path: path, detail: String(cString: strerror(errno))) }
    }

    deinit { close(descriptor) }

    /// Called under the inbox's lock: lines stand in the order of ids.
    func record(_ message: CapturedMessage) throws(SandboxError) {
        var line = Line(message).json
        line.append(UInt8(ascii: "\n"))
        let wanted = line.count
        let written = line.withUnsafeBytes { write(descriptor, $0.baseAddress, wanted) }
        guard written == wanted else {
            throw .witnessUnwritable(path: path, detail: written < 0 ? String(cString: strerror(errno)) : "short write")
        }
    }

    private struct Line: Encodable {
        let id: Int
        let at: String
        let channel: String
        let counter: String
        let to: [String]
        let from: String
        let reference: String?
        let subject: String?
        let text: String
        let arrived: Bool
        let answer: String

        init(_ message: CapturedMessage) {
            id = message.id
            at = timestamp(message.at)
            channel = message.channel.rawValue
            counter = message.counter.rawValue
            to = message.to
            from = message.from
            reference = message.reference
            subject = message.subject
            text = message.text
            arrived = message.arrived
            answer = message.answer
        }

        var json: [UInt8] { JSONReply.bytes(self) }
    }
}

/// RFC 3339 in UTC with microseconds: two arrivals within one millisecond stay in order.
func timestamp(_ date: Date) -> String {
    let micros = Int((date.timeIntervalSince1970 * 1_000_000).rounded())
    var (seconds, fraction) = micros.quotientAndRemainder(dividingBy: 1_000_000)
    if fraction < 0 { (seconds, fraction) = (seconds - 1, fraction + 1_000_000) }
    var parts = tm()
    var clock = time_t(seconds)
    gmtime_r(&clock, &parts)
    func padded(_ number: Int32, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return padded(parts.tm_year + 1900, 4) + "-" + padded(parts.tm_mon + 1, 2) + "-" + padded(parts.tm_mday, 2) + "T"
        + padded(parts.tm_hour, 2) + ":" + padded(parts.tm_min, 2) + ":" + padded(parts.tm_sec, 2) + "."
        + padded(Int32(fraction), 6) + "Z"
}
