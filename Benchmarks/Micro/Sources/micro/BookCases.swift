import Domain
import FoundationEssentials
import Intake
import Journal

let bookCases: [Case] = [
    .pure("journal line: facts and link") {
        let to = try Destination(.email, "kv17@zhiteli.example")
        return { number in
            let facts = [
                JournalEntry.Fact("provider", "mail-a"), JournalEntry.Fact("to", to.address.masked),
                JournalEntry.Fact("decision", "suppression: pass; consent: email: granted (cns_0000000000001)"),
            ].compactMap(\.self).bytes
            return Chain.link(
                after: Chain.origin,
                ChainRow(
                    sequence: Int64(number), at: 1_795_510_800_000, message: 1 << 40, event: Array("accepted".utf8),
                    state: Array("sent".utf8), by: Array("worker".utf8), facts: facts))
        }
    },
    .pure("read a request (JSON), mail") {
        let bytes = Array(BenchWords.request(.mail, recipient: 17, key: "mail-1000000017").utf8)
        return { _ in try SendRequest(bytes: bytes) }
    },
]
