import Domain
import Foundation
import GatewayTesting
import Queue
import StoreSQLite
import Testing

struct JournalVerifyTests {
    private func verify(_ front: Front, after mark: String? = nil) async -> Wire.Reply {
        await front.wire.ask("GET", "/v1/journal/verify" + (mark.map { "?after=" + $0 } ?? ""), key: "vk_live_duty")
    }

    @Test func aShortOneInOneGo() async throws {
        try await withFront { front in
            // One resident was put into the books.
            let begun = await verify(front)
            #expect(begun.status == 200 && begun.json["intact"] as? Bool == true && begun.json["rows"] as? Int == 1)
            #expect(begun.json["complete"] as? Bool == true && begun.json["next"] is NSNull)
            try await front.dead(3)
            let first = await verify(front)
            let rows = try #require(first.json["rows"] as? Int), mark = try #require(first.json["mark"] as? String)
            #expect(rows > 3 && first.json["verified"] as? Int == rows && first.json["first_bad"] is NSNull)
            // The mark is kept, and later only what came behind it is walked.
            try await front.dead(1)
            let later = await verify(front, after: mark)
            #expect(later.json["intact"] as? Bool == true && later.json["verified"] as? Int ?? 0 > rows)
            // Another chain than the one that was checked then, however well it holds by itself.
            let flipped = mark.dropLast() + (mark.hasSuffix("0") ? "1" : "0")
            let forged = await verify(front, after: String(flipped))
            #expect(forged.json["intact"] as? Bool == false && forged.json["first_bad"] as? Int == rows)
            #expect(forged.json["why"] as? String != nil)
            let gone = await verify(front, after: "999999." + String(repeating: "a", count: 64))
            #expect(gone.json["intact"] as? Bool == false && gone.json["first_bad"] as? Int == 999_999)
            for text in ["x", "12", "12.ab", "-1." + String(repeating: "a", count: 64), ".", "٣." + mark] {
                let path = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                #expect(await verify(front, after: path).status == 400, "\(text)")
            }
        }
    }

    /// Where time is up, the answer says how far it came, and the next one goes on from there.
    @Test func aLongOneInPieces() async throws {
        try await withFront { front in
            for page in 0..<12 {
                let items = (0..<1000).map { Enqueue.sample(.sample(id: Int64(page * 1000 + $0 + 1))) }
                _ = try await front.store.enqueue(items, at: Front.now())
            }
            let first = await verify(front)
            #expect(first.json["complete"] as? Bool == false && first.json["verified"] as? Int == 10_000)
            #expect(first.json["intact"] as? Bool == true && first.json["rows"] as? Int == 12_001)
            let next = try #require(first.json["next"] as? String)
            let last = await verify(front, after: next)
            #expect(last.json["complete"] as? Bool == true && last.json["verified"] as? Int == 12_001)
            #expect(last.json["next"] is NSNull)
        }
    }
}
