import Intake
import Testing

struct JSONScanTests {
    static func scan(_ text: String) -> Result<JSON, JSONFault> { scan(Array(text.utf8)) }

    static func scan(_ bytes: [UInt8]) -> Result<JSON, JSONFault> {
        do throws(JSONFault) { return .success(try JSONScan.value(of: bytes)) } catch { return .failure(error) }
    }

    @Test(arguments: [
        ("null", JSON.null), (" true ", .bool(true)), ("false", .bool(false)), ("\"\"", .string("")),
        ("0", .number("0")),
        ("-0.10e+7", .number("-0.10e+7")), ("1e400", .number("1e400")),
        ("9223372036854775808", .number("9223372036854775808")),
        ("[]", .array([])), ("{}", .object([])), ("[1 , 2]", .array([.number("1"), .number("2")])),
        ("{\"a\":{\"b\":[null]}}", .object([.init("a", .object([.init("b", .array([.null]))]))])),
        ("\"\\u0439\\n\\\"\\\\\\/\\t\\b\\f\\r\"", .string("й\n\"\\/\t\u{8}\u{C}\r")),
        ("\"\\ud83d\\ude00\"", .string("😀")),
        ("\"\\u0001\"", .string("\u{1}")),
        ("\r\n\t {\"z\":1,\"a\":2}", .object([.init("z", .number("1")), .init("a", .number("2"))])),
    ])
    func good(text: String, want: JSON) { #expect(Self.scan(text) == .success(want)) }

    @Test(arguments: [
        ("", JSONFault.empty), ("  ", .empty), ("{", .unfinished), ("[1,", .unfinished), ("\"a", .unfinished),
        ("-", .unfinished),
        ("1.", .unfinished), ("1.x", .unexpected(offset: 2)), ("01", .unexpected(offset: 0)),
        ("-01", .unexpected(offset: 0)),
        ("+1", .unexpected(offset: 0)), (".5", .unexpected(offset: 0)), ("1e", .unfinished),
        ("NaN", .unexpected(offset: 0)),
        ("Infinity", .unexpected(offset: 0)), ("True", .unexpected(offset: 0)), ("'a'", .unexpected(offset: 0)),
        ("{a:1}", .unexpected(offset: 1)), ("[1,]", .unexpected(offset: 3)), ("{\"a\":1,}", .unexpected(offset: 7)),
        ("[1 2]", .unexpected(offset: 3)), ("{\"a\" 1}", .unexpected(offset: 5)), ("1 2", .trailing(offset: 2)),
        ("{} {}", .trailing(offset: 3)), ("{}\u{0}", .trailing(offset: 2)), ("// c\n1", .unexpected(offset: 0)),
        ("\"a\nb\"", .unexpected(offset: 2)), ("\"a\u{0}b\"", .unexpected(offset: 2)),
        ("\"\\x41\"", .unexpected(offset: 1)),
        ("\"\\u12g4\"", .unexpected(offset: 5)), ("\"\\ud83d\"", .loneSurrogate(offset: 1)),
        ("\"\\ud83d\\u0041\"", .loneSurrogate(offset: 1)), ("\"\\ude00\"", .loneSurrogate(offset: 1)),
        ("{\"a\":{\"b\":[0,\"\\u0000\"]}}", .nul(pointer: "/a/b/1")), ("{\"a\":1,\"a\":1}", .duplicate(pointer: "/a")),
        ("{\"v\":{\"й\":1,\"и\u{306}\":2}}", .duplicate(pointer: "/v/й")),
        ("{\"a\":1,\"\\u0061\":2}", .duplicate(pointer: "/a")),
        ("{\"a/b\":{\"~\":1,\"~\":2}}", .duplicate(pointer: "/a~1b/~0")), ("\u{FEFF}{}", .byteOrderMark),
        ("\u{A0}1", .unexpected(offset: 0)),
    ])
    func bad(text: String, want: JSONFault) { #expect(Self.scan(text) == .failure(want)) }

    /// A few names are compared, many are hashed.
    @Test(arguments: [1, 2, 23, 24, 25, 26, 300])
    func anyNumberOfNamesIsSeen(count: Int) throws {
        let members = (0..<count).map { "\"m\($0)\":0" }
        #expect(throws: Never.self) { try Self.scan("{" + members.joined(separator: ",") + "}").get() }
        for place in [0, count / 2, count - 1] {
            let twice = (members + ["\"m\(place)\":1"]).joined(separator: ",")
            #expect(Self.scan("{\(twice)}") == .failure(.duplicate(pointer: "/m\(place)")))
        }
    }

    /// Whatever stands around an escape is kept.
    @Test(arguments: [
        ("\"a\\nb\"", "a\nb"), ("\"\\n\"", "\n"), ("\"й\\t\\\"й\"", "й\t\"й"), ("\"\\u0439 \\\\\"", "й \\"),
        ("\"\"", ""),
    ])
    func escapesInTheMiddle(text: String, want: String) { #expect(Self.scan(text) == .success(.string(want))) }

    @Test(
        arguments: [
            ([0xFF, 0xFE, 0x31, 0x00], JSONFault.notUTF8), ([0x22, 0xC3, 0x28, 0x22], .notUTF8),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], .notUTF8),
            ([0x22, 0xC0, 0xAF, 0x22], .notUTF8), ([0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], .notUTF8),
            ([0x00, 0x7B, 0x00, 0x7D], .unexpected(offset: 0)),
        ] as [([UInt8], JSONFault)])
    func badBytes(bytes: [UInt8], want: JSONFault) { #expect(Self.scan(bytes) == .failure(want)) }

    @Test func depthHasALimit() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect((try? Self.scan(nested(32)).get()) != nil)
        #expect(Self.scan(nested(33)) == .failure(.tooDeep))
        #expect(Self.scan(String(repeating: "[", count: 100_000)) == .failure(.tooDeep))
        #expect(Self.scan(String(repeating: "{\"a\":", count: 100_000)) == .failure(.tooDeep))
        #expect(Self.scan(String(repeating: "9", count: 65)) == .failure(.numberTooLong(offset: 0)))
    }

    /// Nothing that comes in can do worse than an error.
    @Test func anyCutAndAnyByteIsAnAnswer() {
        let text = Array(#"{"to":{"sms":"+7\u0031"},"v":[1.5e3,true,null,"ё\ud83d\ude00"],"x":{}}"#.utf8)
        #expect((try? Self.scan(text).get()) != nil)
        for cut in 0..<text.count { #expect((try? Self.scan(Array(text[..<cut])).get()) == nil) }
        for place in text.indices {
            for byte in [0x00, 0x22, 0x5C, 0x7B, 0x7D, 0x80, 0xFF] as [UInt8] {
                var spoilt = text
                spoilt[place] = byte
                _ = Self.scan(spoilt)
            }
        }
    }

    @Test func canonicalBytesForgetOrderAndSpelling() throws {
        let one = try Self.scan(#"{"b":"\u0439","a":{"y":1,"x":[true]}}"#).get()
        let other = try Self.scan(#" { "a" : {"x":[ true ],"y":1}, "b":"й" } "#).get()
        #expect(one != other)
        #expect(one.canonicalBytes == other.canonicalBytes)
        #expect(String(decoding: one.canonicalBytes, as: UTF8.self) == #"{"a":{"x":[true],"y":1},"b":"й"}"#)
        #expect(
            try Self.scan(#"{"a":{"y":1.0}}"#).get().canonicalBytes != Self.scan(#"{"a":{"y":1}}"#).get().canonicalBytes
        )
    }

    @Test(arguments: ["plain", "\"\u{301}", "\\\u{301}", "a\r\nb", "\u{1}\u{7F}", "</script>", "ё😀", "\u{2028}"])
    func whatIsWrittenReadsBackTheSame(text: String) throws {
        let bytes = JSON.object([.init(text, .string(text))]).bytes
        #expect(try JSONScan.value(of: bytes) == .object([.init(text, .string(text))]))
        #expect(!bytes.contains(UInt8(ascii: "<")) && !bytes.contains { $0 < 0x20 })
    }
}
