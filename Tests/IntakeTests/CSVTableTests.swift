import Intake
import Testing

struct CSVTableTests {
    static func table(_ text: String) throws(CSVFault) -> CSVTable { try CSVTable(Array(text.utf8)) }

    @Test(arguments: [
        ("a;b\n1;2\n", [["a", "b"], ["1", "2"]]), ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
        ("a\tb\r1\t2\r", [["a", "b"], ["1", "2"]]),
        ("a;b,c\n1;2,3\n", [["a", "b,c"], ["1", "2,3"]]), ("\u{FEFF}a;b\n1;2", [["a", "b"], ["1", "2"]]),
        ("a\n1\n", [["a"], ["1"]]), ("\n\n;;\na;b\n\n1;2\n;\n", [["a", "b"], ["1", "2"]]),
        ("a;b\n\"1;2\";\"3\"\"4\"\n", [["a", "b"], ["1;2", "3\"4"]]),
        ("a;b\n \"x\" ; y \n", [["a", "b"], ["x", "y"]]),
        ("a;b\n\" x \";\"y\r\nz\"\n", [["a", "b"], [" x ", "y\r\nz"]]), ("a;b\n;2\n", [["a", "b"], ["", "2"]]),
        ("a;b\n1\n", [["a", "b"], ["1"]]), ("\"a,b\";c\n1;2", [["a,b", "c"], ["1", "2"]]),
        ("a;b\nи\u{306};2", [["a", "b"], ["й", "2"]]), ("a;b\n1\"2;3", [["a", "b"], ["1\"2", "3"]]),
    ])
    func cells(text: String, want: [[String]]) throws {
        let table = try Self.table(text)
        #expect([table.header.cells] + table.rows.map(\.cells) == want)
        #expect(table.encoding == .utf8)
    }

    @Test func linesAreThoseOfTheFile() throws {
        let table = try Self.table("a;b\r\n\r\n1;\"x\r\ny\"\r\n2;z\r\n")
        #expect(table.header.line == 1)
        #expect(table.rows.map(\.line) == [3, 5])
    }

    @Test(arguments: [
        ("", CSVFault.empty), ("\n\n", .empty), ("a;b\n\"1;2\n", .unclosedQuote(line: 2)),
        ("a;b\n\"1\"x;2\n", .afterQuote(line: 2)),
        ("a;b\n1\u{0};2", .nul(line: 2)), ("a;b\n\"1\u{0}\";2", .nul(line: 2)),
    ])
    func faults(text: String, want: CSVFault) { #expect(throws: want) { try Self.table(text) } }

    @Test func windows1251IsRecognised() throws {
        // «Ёлка; №1 – тест» as Excel of a Russian office writes it.
        let bytes: [UInt8] =
            Array("id;name\r\n1;".utf8) + [
                0xAB, 0xA8, 0xEB, 0xEA, 0xE0, 0xBB, 0x20, 0xB9, 0x31, 0x20, 0x96, 0x20, 0xFF, 0xC0,
            ]
        let table = try CSVTable(bytes)
        #expect(table.encoding == .windows1251)
        #expect(table.rows.map(\.cells) == [["1", "«Ёлка» №1 – яА"]])
    }

    @Test func otherEncodingsAreNamed() {
        #expect(throws: CSVFault.utf16) { try CSVTable([0xFF, 0xFE, 0x61, 0x00]) }
        #expect(throws: CSVFault.unknownEncoding) { try CSVTable([0x61, 0x98, 0x0A]) }
    }
}
