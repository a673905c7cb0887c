import Domain
import Foundation
import Synchronization

/// Everything a session shares with the others: the inbox, the dice, the memory of greylisted senders.
final class SMTPSurroundings: Sendable {
    let login: SandboxSettings.Login?
    private let inbox: Inbox
    private let dice: ChaosDice
    private let greySeconds: Double
    private let now: @Sendable () -> Date
    private let greyFirstSeen = Mutex<[String: Date]>([:])

    init(_ settings: SandboxSettings, inbox: Inbox, dice: ChaosDice) {
        login = settings.login
        greySeconds = settings.greySeconds
        now = settings.now
        self.inbox = inbox
        self.dice = dice
    }

    func strikes(_ fault: Fault) -> Bool { dice.strikes(fault, \.email) }

    /// Before every reply, in milliseconds.
    var delay: Int { dice.chaos.delay }

    func ticket() -> Int { inbox.ticket() }

    /// What a magic recipient asks for, else what the dice say.
    func fault(after magic: [MagicMailbox]) -> Fault? {
        if magic.contains(.cut) { return .cut }
        if magic.contains(.silent) { return .silence }
        return dice.first(of: [.fail, .silence, .cut], \.email)
    }

    /// nil once the pair of sender and recipient has waited long enough.
    func greylist(_ from: String, _ to: String) -> String? {
        let now = now()
        let waits = greyFirstSeen.withLock { seen in
            if seen.count > 10_000 { seen = [:] }
            let first = seen["\(from) \(to)"] ?? now
            seen["\(from) \(to)"] = first
            return first == now || now.timeIntervalSince(first) < greySeconds
        }
        return waits ? "451 4.7.1 Greylisted, try again later" : nil
    }

    /// A recipient refused at RCPT: there is no content to show, but somebody will look for the trace.
    func noteRefused(from: String, to: String, answer: String) {
        _ = keep(.init(from: from, to: [to]), content: [], arrived: false, answer: answer)
    }

    func keep(_ envelope: SMTPDialogue.Envelope, content: [UInt8], arrived: Bool, answer: String) -> Bool {
        var message = CapturedMessage(at: now(), channel: .email, counter: .smtp, to: envelope.to)
        message.from = envelope.from
        message.raw = content
        message.arrived = arrived
        message.answer = answer
        message.read(ReceivedMail(content))
        do throws(SandboxError) {
            try inbox.capture(message)
            return true
        } catch {
            return false
        }
    }
}
