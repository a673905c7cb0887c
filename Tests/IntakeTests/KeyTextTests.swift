import Domain
import Foundation
import Intake
import Testing

struct KeyTextTests {
    static let secret = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCde"
    static let id = "k1l2m3n4"

    struct Row: Sendable, CustomTestStringConvertible {
        let label: String, text: String, isOne: Bool
        init(_ label: String, _ text: String, _ isOne: Bool = false) {
            (self.label, self.text, self.isOne) = (label, text, isOne)
        }
        var testDescription: String { label }
    }

    static let rows: [Row] = [
        Row("live", "vk_live_\(id)_\(secret)", true), Row("team", "vk_team_\(id)_\(secret)", true),
        Row("test", "vk_test_\(id)_\(secret)", true),
        Row("underscores in the secret", "vk_live_\(id)_" + String(repeating: "_", count: 43), true),
        Row("nothing", ""), Row("a word", "secret"), Row("no secret", "vk_live_\(id)"),
        Row("empty secret", "vk_live_\(id)_"), Row("other product", "sk_live_\(id)_\(secret)"),
        Row("other mode", "vk_prod_\(id)_\(secret)"), Row("big letters", "VK_live_\(id)_\(secret)"),
        Row("mode in big letters", "vk_LIVE_\(id)_\(secret)"), Row("short id", "vk_live_k1l2m3n_\(secret)"),
        Row("long id", "vk_live_k1l2m3n45_\(secret)"), Row("big letters in the id", "vk_live_K1L2M3N4_\(secret)"),
        Row("secret one too short", "vk_live_\(id)_" + secret.dropLast()),
        Row("secret one too long", "vk_live_\(id)_\(secret)A"),
        Row("padding", "vk_live_\(id)_" + secret.dropLast() + "="),
        Row("plain base 64", "vk_live_\(id)_" + secret.dropLast() + "+"),
        Row("space before", " vk_live_\(id)_\(secret)"), Row("space after", "vk_live_\(id)_\(secret) "),
        Row("line end", "vk_live_\(id)_\(secret)\r\n"), Row("NUL", "vk_live_\(id)_\(secret.dropLast())\u{0}"),
        Row("accent on the last letter", "vk_live_\(id)_\(secret)\u{0301}"),
        Row("Cyrillic in the id", "vk_live_к1l2m3n_\(secret)"), Row("full-width digit", "vk_live_k1l2m3n４_\(secret)"),
        Row("another underscore", "vk__live_\(id)_\(secret)"),
    ]

    @Test(arguments: rows) func read(row: Row) {
        #expect((KeyText(Array(row.text.utf8)) != nil) == row.isOne)
    }

    @Test func bytesThatAreNoTextAreNoKey() {
        #expect(KeyText([0xFF, 0xFE]) == nil)
        #expect(KeyText(Array("vk_live_\(Self.id)_\(Self.secret.dropLast())".utf8) + [0xC3]) == nil)
    }

    @Test func theSecretIsBase64AsItIsWrittenDown() {
        let random = (0..<40).map { UInt8($0 * 7 & 255) }
        let fresh = FreshKey(.team, random: random)
        let expected = Data(random[8...]).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
        #expect(fresh.text == "vk_team_\(fresh.id)_\(expected)")
    }

    @Test func aFreshKeyIsReadAgain() throws {
        var generator = SystemRandomNumberGenerator()
        var withUnderscore = 0
        for _ in 0..<200 {
            let fresh = FreshKey(.live, random: (0..<40).map { _ in .random(in: .min ... .max, using: &generator) })
            let read = try #require(KeyText(Array(fresh.text.utf8)))
            #expect(read.id == fresh.id && read.digest == fresh.digest && read.mode == .live)
            if fresh.text.utf8.count(where: { $0 == UInt8(ascii: "_") }) > 3 { withUnderscore += 1 }
        }
        #expect(withUnderscore > 20, "secrets with underscores were among them")
    }
}
