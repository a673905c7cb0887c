import Domain
import FoundationEssentials
import GatewayTesting
import Testing

struct IDTests {
    @Test(arguments: [0, 1, 31, 32, 4096, Int64.max / 3, Int64.max])
    func textComesBack(raw: Int64) {
        let id = MessageID(raw: raw)
        #expect(id.text.utf8.count == 17)
        var bytes = Array("x".utf8)
        id.append(to: &bytes)
        #expect(bytes == Array("x\(id.text)".utf8))
        #expect(id.text.hasPrefix("msg_"))
        #expect(MessageID(id.text) == id)
        #expect(ConsentID(ConsentID(raw: raw).text)?.raw == raw)
    }

    @Test(arguments: [
        "", "msg_", "msg_000000000000", "msg_00000000000000", "msg_000000000000U", "msg_000000000000a",
        "cns_0000000000001", "MSG_0000000000001", "0000000000001", "msg_ZZZZZZZZZZZZZ", "msg_8000000000000",
        "msg_000000000000１", "msg_0000000000001\r\n", "msg_000000000000\u{301}",
    ])
    func anythingElseIsNoID(text: String) { #expect(MessageID(text) == nil) }

    @Test func textSortsAsTimeDoes() {
        let source = IDSource(node: 5)
        let ids: [MessageID] = (0..<200).map { source.next(at: Date.noon.addingTimeInterval(Double($0) * 86_400.5)) }
        #expect(ids.map(\.text) == ids.map(\.text).sorted())
        #expect(ids == ids.sorted())
    }

    @Test func idsGrowWhateverTheClockDoes() {
        let source = IDSource(node: 3)
        var last = MessageID(raw: 0)
        let times = [0, 1, -3600, 5, -86_400 * 365 * 10, 5, 5, 6].map { Date.noon.addingTimeInterval(Double($0)) }
        for time in times {
            for _ in 0..<5000 {
                let id: MessageID = source.next(at: time)
                guard id > last else {
                    Issue.record("\(id) after \(last)")
                    return
                }
                last = id
            }
        }
        #expect((last.raw >> 12) & 1023 == 3)
    }

    @Test func theStoreMayHoldGreaterOnes() {
        let stored = Int64(1) << 61
        let id: MessageID = IDSource(after: stored).next(at: .noon)
        #expect(id.raw > stored)
    }

    @Test func nodesNeverMeet() {
        let (one, other) = (IDSource(node: 1), IDSource(node: 2))
        let ids: [MessageID] = (0..<9000).flatMap { _ in [one.next(at: .noon), other.next(at: .noon)] }
        #expect(Set(ids).count == 18_000)
    }
}
