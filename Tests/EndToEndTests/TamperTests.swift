import Foundation
import Testing

/// The journal names the first row that somebody altered by hand.
struct TamperTests {
    @Test(.enabled(if: Stranger.areHere(.python), "needs python3 to play the intruder"))
    func verifyNamesTheFirstBadRow() async throws {
        let folder = try Folder()
        let kept = folder["demo"]
        #expect(try await Binary.run("demo", "--once", "--json", "--keep", kept, within: 120).code == 0)
        let script = """
            import sqlite3, sys
            c = sqlite3.connect(sys.argv[1])
            for (name,) in c.execute("select name from sqlite_master where type='trigger' and tbl_name='journal'").fetchall():
                c.execute('drop trigger ' + name)
            rows = [r[0] for r in c.execute('select sequence from journal order by sequence').fetchall()]
            victim = rows[len(rows) // 3]
            c.execute("update journal set event = 'cancelled' where sequence = ?", (victim,))
            c.commit(); print(victim)
            """
        let intruder = try Running(["-c", script, kept + "/vestnik.db"], program: Stranger.python.url)
        #expect(try await intruder.end(within: 20) == 0, "\(intruder.err.text)")
        let victim = Int(intruder.out.text.trimmingCharacters(in: .whitespacesAndNewlines))

        let verify = try await Binary.run("journal", "verify", "--json", "--config", kept + "/vestnik.yaml")
        #expect(verify.code == 65)
        #expect(verify.lines.first?["ok"] as? Bool == false)
        #expect(verify.lines.first?["first_bad_row"] as? Int == victim, "\(verify.out)")
    }
}
