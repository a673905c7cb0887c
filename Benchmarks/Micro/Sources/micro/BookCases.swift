import Domain
import FoundationEssentials
import Intake
import Journal
import Synchronization

let bookCases: [Case] = [
    .pure("journal line: facts and link") {
        let to = try Destination(.email, "kv17@zhiteli.example")
        let desk = Mutex(JournalDesk())
        return { number in desk.withLock { $0.line(Int64(number), to) } }
    },
    .pure("read a request (JSON), mail") {
        let bytes = Array(BenchWords.request(.mail, recipient: 17, key: "mail-1000000017").utf8)
        return { _ in try SendRequest(bytes: bytes) }
    },
]

/// What the store keeps for its lines.
private struct JournalDesk {
    private var facts = FactWriter()
    private var scribe = ChainScribe()

    mutating func line(_ number: Int64, _ to: Destination) -> [UInt8] {
        facts.add("suppression", "email: pass")
        facts.add("consent", "email: granted (cns_0000000000001)")
        facts.add("attempt", 1)
        facts.add("provider", "mail-a")
        facts.add("to", to)
        scribe.begin(after: Chain.origin, sequence: number, at: 1_795_510_800_000, message: 1 << 40)
        scribe.append(text: "accepted")
        scribe.append(text: "sent")
        scribe.append(text: "provider:mail-a")
        facts.finish { scribe.append($0) }
        return scribe.link()
    }
}
