import Journal
import Testing

struct ChainMarkTests {
    private static let digits = String(repeating: "0f", count: 32)

    @Test func textAndBack() throws {
        let mark = try #require(ChainMark("120450." + Self.digits))
        #expect(mark.row == 120_450 && mark.link == Array(repeating: 0x0F, count: 32))
        #expect(mark.text == "120450." + Self.digits)
        #expect(ChainMark(ChainMark.origin.text) == .origin)
    }

    @Test(arguments: [
        "", ".", "1", "1.", "." + digits, "1." + digits.dropLast(), "1." + digits + "0", "-1." + digits, "+1." + digits,
        "1. " + digits.dropLast(), "1." + digits.uppercased(), "0." + digits, "9999999999999999999." + digits,
        "٣." + digits, "1.\u{301}" + digits,
    ])
    func refused(_ text: String) { #expect(ChainMark(text) == nil) }
}
