import Foundation
import Testing

/// Wrong things that people type and write into files: each a clear error with the right exit code, nothing half done.
struct BadInputTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let label: String
        let arguments: [String]
        let code: Int32
        /// What the error must say, so that a person knows what to do.
        let says: String
        var testDescription: String { label }
    }

    static let rows: [Row] = [
        Row(
            label: "malformed phone",
            arguments: ["send", "--template", "payment-reminder", "--to", "sms:12345"] + good, code: 65, says: "phone"),
        Row(
            label: "malformed mailbox",
            arguments: ["send", "--template", "payment-reminder", "--to", "email:a@localhost"] + good, code: 65,
            says: "mail"),
        Row(
            label: "unknown template",
            arguments: ["send", "--template", "payment-remind", "--to", "sms:+79001234567"] + good, code: 65,
            says: "payment-reminder"),
        Row(
            label: "missing variable",
            arguments: ["send", "--template", "payment-reminder", "--to", "sms:+79001234567", "--var", "amount=1.00"],
            code: 65, says: "due"),
        Row(
            label: "money that is no money",
            arguments: [
                "send", "--template", "payment-reminder", "--to", "sms:+79001234567", "--var", "amount=12,3", "--var",
                "due=2026-12-15", "--var", "period=2026-11",
            ], code: 65, says: "amount"),
        Row(
            label: "unknown variable",
            arguments: ["send", "--template", "payment-reminder", "--to", "sms:+79001234567", "--var", "amuont=1.00"]
                + good, code: 65, says: "amount"),
        Row(
            label: "expired already",
            arguments: [
                "send", "--template", "payment-reminder", "--to", "sms:+79001234567", "--expires-at",
                "2020-01-01T00:00:00Z",
            ] + good, code: 65, says: "expire"),
        Row(
            label: "unknown recipient",
            arguments: ["send", "--template", "payment-reminder", "--to", "ls:nobody"] + good, code: 65,
            says: "recipient"),
        Row(label: "unknown flag", arguments: ["messages", "list", "--statsu", "failed"], code: 64, says: "--statsu"),
        Row(label: "unknown state", arguments: ["messages", "list", "--status", "fialed"], code: 64, says: "failed"),
        Row(label: "not an id", arguments: ["messages", "show", "msg_1"], code: 64, says: "msg_"),
        Row(
            label: "unknown purpose", arguments: ["consent", "check", "ls:1", "e_recept"], code: 64, says: "e_receipt"),
    ]
    static let good = ["--var", "amount=3250.50", "--var", "due=2026-12-15", "--var", "period=2026-11"]

    @Test(arguments: rows) func mistypedCommand(row: Row) async throws {
        let site = try Site(providers: Site.smtp(port: 1) + "\n" + Site.kannel(port: 1))
        // The database exists and is empty: what fails must leave it so.
        let import_ = try await site.vestnik("recipient", "import", Self.resident(site))
        #expect(import_.code == 0, "\(import_.err)")
        let output = try await Binary.run(row.arguments + ["--config", site.config])
        #expect(output.code == row.code, "\(output.err)\(output.out)")
        #expect((output.err + output.out).lowercased().contains(row.says.lowercased()), "\(output.err)\(output.out)")
        #expect(try await site.messages().isEmpty)
    }

    private static func resident(_ site: Site) throws -> String {
        try site.folder.write("id;phone\nls:1;+79001112233\n", to: "one.csv")
        return site.folder["one.csv"]
    }

    @Test func unknownKeyNamesTheNearestAndItsLine() async throws {
        let site = try Site(providers: Site.smtp(port: 1, more: "    helo_nmae: x\n"))
        let output = try await site.vestnik("config", "check")
        #expect(output.code == 78)
        #expect(output.err.contains("helo_nmae") && output.err.contains("helo_name"), "\(output.err)")
        #expect(output.err.contains("vestnik.yaml:"), "the line is named")
    }

    @Test func aSecretThatOthersCanReadStopsTheStart() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        try site.folder.write("key", to: "sandbox-key", mode: 0o644)
        let output = try await site.vestnik("config", "check")
        #expect(output.code == 78)
        #expect(output.err.contains("sandbox-key"), "\(output.err)")
        #expect(try await site.vestnik("worker").code == 78, "start-up runs the same check")
    }

    @Test func aMissingSecretFileIsNamed() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        try FileManager.default.removeItem(atPath: site.folder["sandbox-key"])
        let output = try await site.vestnik("config", "check")
        #expect(output.code == 78)
        #expect(output.err.contains("sandbox-key"), "\(output.err)")
    }

    @Test func aFileThatIsNoDatabaseIsLeftAlone() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        let text = String(repeating: "dear diary, this is not a database\n", count: 200)
        try site.folder.write(text, to: "vestnik.db")
        for command in [
            ["messages", "list"], ["worker"],
            ["send", "--template", "payment-reminder", "--to", "sms:+79001234567"] + Self.good,
        ] {
            let output = try await Binary.run(command + ["--config", site.config])
            #expect(output.code == 65, "\(command): \(output.err)")
            #expect(output.err.contains("vestnik.db"), "\(output.err)")
        }
        #expect(try site.folder.read("vestnik.db") == text)
    }

    @Test func aForeignDatabaseIsLeftAlone() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        let made = try await Running(
            [
                "-c",
                "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('create table diary(t)'); c.commit()",
                site.folder["vestnik.db"],
            ],
            program: URL(filePath: "/usr/bin/python3")
        ).end(within: 20)
        #expect(made == 0)
        let before = try Data(contentsOf: URL(filePath: site.folder["vestnik.db"]))
        let output = try await site.vestnik("worker")
        #expect(output.code == 65, "\(output.err)")
        #expect(try Data(contentsOf: URL(filePath: site.folder["vestnik.db"])) == before)
    }

    @Test func aSecondProcessIsToldWhoHoldsTheDatabase() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        let first = try site.start("worker")
        _ = try await first.line(with: "ready")
        let second = try await site.vestnik("worker")
        #expect(second.code == 69)
        #expect(second.err.contains("\(first.process.processIdentifier)"), "\(second.err)")
        #expect(second.err.contains("vestnik worker"), "\(second.err)")
        #expect(try await site.stop(first) == 0)
    }

    @Test func twoCommandsAtOnceWaitForEachOther() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        let numbers = (0..<4).map { "+7900123456\($0)" }
        let codes = try await withThrowingTaskGroup(of: Int32?.self) { group in
            for number in numbers { group.addTask { try await site.vestnik("suppression", "add", "sms", number).code } }
            return try await group.reduce(into: [Int32?]()) { $0.append($1) }
        }
        #expect(codes == Array(repeating: 0, count: numbers.count))
    }
}
