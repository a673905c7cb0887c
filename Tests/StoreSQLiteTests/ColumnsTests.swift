import Domain
import Foundation
import Journal
import Testing

@testable import StoreSQLite

@Suite struct ColumnsTests {
    @Test func noDamagedColumnKillsTheProcess() throws {
        var random = Seeded(7)
        let good = try #require(
            Packed.variables(["a": .text("b"), "rows": .list([["c": .flag(true)], ["d": .list([[:]])]])]))
        var refused = 0
        for round in 0..<20_000 {
            var bytes = [UInt8](good)
            if round % 2 == 0 {
                bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
            } else {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            let readers: [([UInt8]) throws -> Void] = [
                { _ = try Packed.variables($0) }, { _ = try Packed.destinations($0) }, { _ = try Packed.metadata($0) },
                { _ = try Packed.attachments($0) }, { _ = try Packed.channels($0) },
            ]
            for read in readers {
                do { try read(bytes) } catch is Damaged { refused += 1 }
            }
        }
        #expect(refused > 50_000)
        #expect(try Packed.variables([UInt8](good))["a"] == .text("b"))
    }

    @Test(arguments: [0, 1, 127, 128, 300, Int.max, -1, Int.min]) func numbers(_ number: Int) throws {
        var writer = ByteWriter()
        writer.number(number)
        var reader = ByteReader(writer.bytes)
        #expect(try reader.number() == number)
        #expect(reader.isAtEnd)
    }

    @Test func nestingWithoutEndIsRefused() {
        // A list of one row of one variable that is a list of one row …
        let bytes = (0..<5_000).flatMap { _ in [UInt8](arrayLiteral: 1, 0, 3, 1) }
        #expect(throws: Damaged.self) { try Packed.variables(bytes) }
    }

    static let dates: [Date] = [
        .distantPast, .distantFuture, .init(timeIntervalSince1970: 0.001), .init(timeIntervalSince1970: -1),
    ]
    @Test(arguments: dates) func datesKeepTheirMilliseconds(_ date: Date) {
        #expect(Date(milliseconds: date.milliseconds) == date)
    }

    @Test func datesThatNoCalendarHoldsDoNotTrap() {
        for seconds in [Double.infinity, -.infinity, .nan, 1e300] {
            _ = Date(timeIntervalSince1970: seconds).milliseconds
        }
        #expect(Date(timeIntervalSince1970: .infinity).milliseconds == 9_000_000_000_000_000)
    }

    /// Computed by another program (Python's hashlib) from the description in Chain.swift.
    @Test func theChainIsWhatItSaysItIs() {
        let row = ChainRow(
            sequence: 1, at: 1_795_510_800_000, message: 77, event: Array("accepted".utf8), state: nil,
            by: Array("client:billing".utf8), facts: Array("[]".utf8))
        let hex = Chain.link(after: Chain.origin, row).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        #expect(hex.joined() == "7e98267ef98374abe94b4072a23995f659d23f8f26c7a633f42af3e18e1913fa")
    }

    @Test func factsSurviveTheirColumn() {
        let facts = [JournalEntry.Fact("detail", "“\\\"“ ёж"), .init("", "")].compactMap { $0 as JournalEntry.Fact? }
        var writer = FactWriter()
        // Twice: the second list has nothing of the first.
        for _ in 1...2 {
            for fact in facts { writer.add(fact) }
            #expect(writer.finish { [JournalEntry.Fact](bytes: $0) } == facts)
        }
        #expect(writer.finish { String(decoding: $0, as: UTF8.self) } == "[]")
        #expect([JournalEntry.Fact](bytes: Array("[[1]]".utf8)) == nil)
        #expect([JournalEntry.Fact](bytes: Array("[[\"a\"]]".utf8)) == nil)
    }
}
