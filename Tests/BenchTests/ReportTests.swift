import Bench
import Domain
import Foundation
import Testing

@Suite struct ReportTests {
    private func rate(_ perSecond: Double) -> Rate {
        Rate(perSecond: perSecond, cpuMicroseconds: 30, peakMB: 90, messages: 1000, seconds: 1)
    }

    private func series(_ rates: Double...) -> Series {
        var series = Series()
        series.rates = rates.map(rate)
        return series
    }

    private func json(_ figures: [Figure], _ result: BenchResult) throws -> [String: Any] {
        let data = try JSONEncoder().encode(BenchJSON(figures, result))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func theQuickObjectHasEveryKeyAndNullForAMissingPeer() throws {
        var result = BenchResult()
        result.series[.vestnikSMTP] = series(3000, 4000, 3500)
        result.series[.thinSMTP] = series(6000, 4000, 7000)
        let object = try json(Figure.quick, result)
        #expect(
            Set(object.keys) == [
                "smtp_per_s", "http_per_s", "smtp_vs_postfix", "smtp_vs_thin", "http_vs_libcurl", "http_vs_kannel",
                "cpu_us_smtp", "cpu_us_http", "peak_rss_mb", "spread",
            ])
        #expect(object["smtp_per_s"] as? Double == 3500)
        #expect(object["smtp_vs_thin"] as? Double == 0.5)
        #expect(object["smtp_vs_postfix"] is NSNull)
        #expect(object["http_per_s"] is NSNull)
    }

    @Test func theIntakeObjectHasItsKeysAndVerdicts() throws {
        var result = BenchResult()
        result[.doorVsEmpty] = 0.3
        result[.doorP99] = 21
        let object = try json(Figure.intake, result)
        #expect(
            Set(object.keys) == [
                "http_accept_per_s", "empty_handler_per_s", "http_generator_per_s", "http_accept_vs_empty_handler",
                "http_accept_p50_ms", "http_accept_p99_ms", "http_accept_p99_with_1000_slow_clients",
                "ndjson_accept_per_s", "insert_loop_per_s", "ndjson_accept_vs_insert_loop",
                "ndjson_1m_accept_per_s", "ndjson_1m_rss_growth_mb",
            ])
        #expect(object["http_accept_vs_empty_handler"] as? Double == 0.3)
        #expect(object["ndjson_accept_per_s"] is NSNull)
        #expect(BenchTables(result).figures(.en).map(\.last) == ["✓", "✗"])
    }

    @Test func ratiosAreOfNeighbours() {
        // A peer that ran once is compared with the round it ran in.
        #expect(series(100, 900).ratio(to: series(50)) == 2)
        #expect(series(100).ratio(to: Series()) == nil)
    }

    @Test func tooMuchNoiseGivesNoVerdict() {
        var result = BenchResult()
        result.series[.vestnikSMTP] = series(3000, 4000, 3500)
        result.series[.thinSMTP] = series(6000, 8000, 7000)
        #expect(!result.isTooNoisy)
        #expect(BenchTables(result).noise == nil)
        #expect(BenchTables(result).figures(.en).contains { $0.last == "✓" })
        result.series[.vestnikSMTP] = series(3000, 6000, 3500)
        #expect(result.isTooNoisy)
        #expect(BenchTables(result).noise != nil)
        #expect(!BenchTables(result).figures(.en).contains { $0.last == "✓" || $0.last == "✗" })
    }

    @Test func theChartIsWellFormed() throws {
        var result = BenchResult()
        result.series[.vestnikSMTP] = series(3000)
        result.series[.libcurl] = series(50_000)
        let chart = Chart.svg(result, machine: "a <b> & c")
        #expect(XMLCheck.isWellFormed(chart))
        #expect(chart.contains("a &lt;b> &amp; c"))
    }

    @Test func everyFigureHasAName() {
        #expect(Set(Figure.allCases.map(\.rawValue)).count == Figure.allCases.count)
        #expect(Set(Figure.allCases.map(\.words)).count == Figure.allCases.count)
    }
}

/// Enough of XML for a chart of ours: every element that is opened is closed, in its order.
private enum XMLCheck {
    static func isWellFormed(_ text: String) -> Bool {
        var open: [Substring] = []
        for piece in text.split(separator: "<") {
            guard let end = piece.firstIndex(of: ">") else { return false }
            let tag = piece[..<end]
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else { return false }
            } else if !tag.hasSuffix("/") {
                open.append(tag.prefix { $0 != " " })
            }
        }
        return open.isEmpty
    }
}
