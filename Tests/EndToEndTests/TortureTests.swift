import Foundation
import Testing

/// Small copies of `make torture`: the same scripts, minutes less. The large ones and their figures: docs/RELIABILITY.md.
struct TortureTests {
    private static let scripts = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Torture")

    private struct Result {
        let code: Int32
        let broken: [String]
        let err: String
    }

    private func run(_ script: String, _ arguments: String..., within seconds: Double) async throws -> Result {
        let path = Self.scripts.appending(path: script).path()
        let running = try Running(
            [path, "--binary", Binary.url.path(), "--seed", "20261126"] + arguments,
            program: URL(filePath: "/usr/bin/python3"))
        let code = try await running.end(within: seconds)
        let answer = try JSONSerialization.jsonObject(with: Data(running.out.text.utf8)) as? [String: Any]
        let promises = try #require(answer?["promises"] as? [String: [String: Any]], "\(running.err.text)")
        #expect(!promises.isEmpty)
        return Result(
            code: code, broken: promises.filter { $1["kept"] as? Bool != true }.map(\.key).sorted(),
            err: running.err.text)
    }

    @Test func theInstrumentsThemselves() async throws {
        let running = try Running(
            [Self.scripts.appending(path: "selftest.py").path()], program: URL(filePath: "/usr/bin/python3"))
        let code = try await running.end(within: 60)
        #expect(code == 0, "\(running.err.text)")
    }

    /// Disk images as a power cut may leave them: nothing acknowledged is missing in any of them.
    @Test func aPowerCutLosesNothingThatWasAcknowledged() async throws {
        let result = try await run("powercut.py", "--images", "150", within: 300)
        #expect(result.code == 0 && result.broken.isEmpty, "\(result.broken) \(result.err)")
    }

    /// The same examination of `synchronous = NORMAL`, and of a disk that only pretends to sync: it must find losses.
    @Test func theExaminationSeesLosses() async throws {
        let result = try await run("powercut.py", "--images", "150", "--control", within: 300)
        #expect(result.code == 1, "\(result.err)")
        #expect(result.broken.contains { $0.contains("NORMAL") }, "\(result.broken)")
    }

    /// One provider accepts connections and never answers: the other channels do not notice.
    @Test func aProviderThatHangsSlowsNobodyElse() async throws {
        let result = try await run(
            "sick.py", "--ways", "hang", "--seconds", "15", "--baseline", "10", within: 300)
        // Delays are judged by the large run, which has the machine to itself.
        let broken = result.broken.filter { !$0.contains("p95") }
        #expect(broken.isEmpty && (result.code == 0 || result.code == 1), "\(broken) \(result.err)")
    }
}
