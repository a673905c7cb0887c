import Counting
import Domain
import Testing

struct GatewayTextTests {
    private static let sms = ProviderID("sms-a")!
    private static let reminder = PurposeID("payment_reminder")!

    private func lines(_ items: [Tally.Item], commits: [UInt64] = [], store: StoreGauges = StoreGauges()) -> [String] {
        let tally = Tally()
        tally.add(items, commit: nil)
        for commit in commits { tally.add([], commit: commit) }
        let gauge = ProviderGauge(provider: Self.sms, isUp: false, isPaused: true)
        let text = GatewayText(counts: tally.counts, store: store, providers: [gauge], version: "1.2.3")
        return String(decoding: text.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func countsUnderTheirNames() {
        let lines = lines(
            [
                .accepted(Self.reminder), .accepted(PurposeID("news")!), .accepted(Self.reminder),
                .came(.sent, .sms, reason: nil), .came(.sent, .sms, reason: nil),
                .came(.suppressed, nil, reason: .noConsent),
                .tried(Self.sms, outcome: "accepted", seconds: 0.2, parts: 3),
                .tried(Self.sms, outcome: "throttled", seconds: 70, parts: 0), .waited(Self.reminder, .sms, seconds: 2),
            ], commits: [2_000_000])
        for line in [
            #"vestnik_messages_accepted_total{purpose="payment_reminder"} 2"#,
            #"vestnik_messages_accepted_total{purpose="news"} 1"#,
            #"vestnik_messages_total{channel="sms",status="sent"} 2"#,
            #"vestnik_messages_total{channel="",status="suppressed"} 1"#,
            #"vestnik_suppressed_total{reason="no_consent"} 1"#,
            #"vestnik_attempts_total{provider="sms-a",outcome="throttled"} 1"#,
            #"vestnik_sms_parts_total{provider="sms-a"} 3"#,
            #"vestnik_attempt_duration_seconds_bucket{provider="sms-a",le="0.1"} 0"#,
            #"vestnik_attempt_duration_seconds_bucket{provider="sms-a",le="0.25"} 1"#,
            #"vestnik_attempt_duration_seconds_bucket{provider="sms-a",le="60.0"} 1"#,
            #"vestnik_attempt_duration_seconds_bucket{provider="sms-a",le="+Inf"} 2"#,
            #"vestnik_attempt_duration_seconds_count{provider="sms-a"} 2"#,
            #"vestnik_time_to_send_seconds_bucket{purpose="payment_reminder",channel="sms",le="2.5"} 1"#,
            #"vestnik_db_commit_duration_seconds_bucket{le="0.0025"} 1"#, "vestnik_db_commit_duration_seconds_count 1",
            #"vestnik_provider_up{provider="sms-a"} 0"#, #"vestnik_provider_paused{provider="sms-a"} 1"#,
            #"vestnik_build_info{version="1.2.3"} 1"#,
        ] { #expect(lines.contains(line), "\(line)") }
    }

    @Test func gauges() {
        let lines = lines(
            [],
            store: StoreGauges(
                messages: [.queued: 7, .unconfirmed: 1], held: [.quietHours: 2],
                oldest: [.normal: .milliseconds(1500)], bytes: 4096))
        for line in [
            #"vestnik_queue_messages{state="queued"} 7"#, #"vestnik_queue_messages{state="sending"} 0"#,
            #"vestnik_queue_held_messages{reason="quiet_hours"} 2"#,
            #"vestnik_queue_oldest_age_seconds{priority="normal"} 1.5"#,
            #"vestnik_queue_oldest_age_seconds{priority="emergency"} 0.0"#, "vestnik_db_size_bytes 4096",
        ] { #expect(lines.contains(line), "\(line)") }
    }

    /// Each sample stands below its family, and each family once.
    @Test func format() throws {
        var family = "", seen: Set<String> = []
        let all = lines([.accepted(Self.reminder), .waited(Self.reminder, .sms, seconds: -1)], commits: [1])
        for line in all {
            if line.hasPrefix("# TYPE ") {
                family = String(line.split(separator: " ")[2])
                #expect(seen.insert(family).inserted)
            } else if !line.hasPrefix("#") {
                #expect(line.hasPrefix(family), "\(line)")
                #expect(line.split(separator: " ").last.flatMap { Double($0) } != nil, "\(line)")
            }
        }
        #expect(all.contains(#"vestnik_time_to_send_seconds_sum{purpose="payment_reminder",channel="sms"} 0.0"#))
    }

    @Test func labelsAreQuoted() {
        var text = PrometheusText()
        text.sample("x", [("a", "q\"b\\c\nd")], 1)
        #expect(String(decoding: text.bytes, as: UTF8.self) == "x{a=\"q\\\"b\\\\c\\nd\"} 1\n")
    }
}
