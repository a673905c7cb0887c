import Delivery
import Testing

@Suite struct AskedPauseTests {
    static let golden: [(String, Double?)] = [
        // Mail servers.
        ("greylisted, try again in 300 seconds", 300), ("Please try again in 00:05:00", 300),
        ("Greylisting in action, please come back in 00:04:57", 297), ("Greylisted for 299 seconds (see x)", 299),
        ("Greylisted, please try again in 299 seconds.", 299), ("You are being greylisted. Wait 5 minutes.", 300),
        ("Temporarily deferred, retry in 15 min", 900), ("too many connections; try again later in 30s", 30),
        ("Try again after 1 hour", 3600), ("please retry after at least 2 minutes 30 seconds", 150),
        ("try again in 2 minutes and 30 seconds", 150), ("RETRY IN 5M30S", 330), ("again in 1h", 3600),
        // Providers.
        ("Too Many Requests: retry after 37", 37), (#"{"parameters":{"retry_after":37}}"#, 37),
        (#"{"retry_after": 1.5, "global": false}"#, 1.5), ("Retry-After: 12", 12), ("wait=8", 8),
        ("retry in 500ms", 1), ("Rate limit is exceeded. Try again in 59 seconds", 59),
        ("Повторите через 5 минут", 300), ("повторите запрос через 45 сек.", 45), ("через 1 минуту 5 секунд", 65),
        // Bounds.
        ("retry after 0", 1), ("retry after 0.2", 1), ("retry after 3600", 3600), ("retry after 3601", 3600),
        ("retry after 99999999999999999999999999999999", 3600), ("try again in 2 days", 3600),
        ("try again in 90 minutes", 3600), ("come back in 48:00:00", 3600),
        // The first that is clear; what comes later is not looked at.
        ("try again later. retry after 20", 20), ("after this, wait 6 s, then retry after 900", 6),
        // What names no time, or none that is clear.
        ("", nil), ("try again later", nil), ("try again in a few minutes", nil), ("try again in one hour", nil),
        ("retry after -5", nil), ("retry after +5", nil), ("try again after 14:30", nil),
        ("try again after 2026-11-25", nil), ("try again after 25.11.2026", nil), ("try again in 1,000 seconds", nil),
        ("try again in 00:61:00", nil), ("try again in 2 business days", nil), ("retry limit 5 exceeded", nil),
        ("again in 5 attempts", nil), ("retry 3 of 5", nil), ("retry after 5/6", nil), ("retry_after_ms: 37000", nil),
        ("300 seconds", nil), ("see RFC 2821 section 4", nil), ("Greylisted, see http://grey.example/300.html", nil),
        ("retry after ٣٧", nil), ("retry after 3٧", nil), ("again \u{0}5", 5), ("re\u{301}try after 37", 37),
        ("try again in 5\u{301} minutes", nil), (String(repeating: "x", count: 2048) + " retry after 9", nil),
        (String(repeating: "retry ", count: 10_000), nil),
    ]

    @Test(arguments: golden) func named(_ row: (text: String, seconds: Double?)) {
        let asked = AskedPause.named(in: row.text.utf8)
        #expect(asked == row.seconds.map { .seconds($0) }, "\(row.text.prefix(80))")
    }

    /// Whatever bytes come, a time is between a second and an hour.
    @Test func anyBytes() {
        var seed: UInt64 = 7
        let words = ["retry", "after", "in", "5", "00:05:00", "-", ".", ",", "min", "s", "é", "999999999999", ":", " "]
        for _ in 0..<20_000 {
            var text: [UInt8] = []
            for _ in 0..<12 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let pick = Int(seed >> 33)
                text += pick % 5 == 0 ? [UInt8(truncatingIfNeeded: pick >> 8)] : Array(words[pick % words.count].utf8)
            }
            if let asked = AskedPause.named(in: text) {
                #expect(asked >= .seconds(1) && asked <= .seconds(3600), "\(text)")
            }
        }
    }
}
