/// What several rounds of one contestant gave.
package struct Series: Sendable {
    package var rates: [Rate] = []
    /// Why there is none.
    package var missing: String?

    package init() {}

    package var perSecond: Double? { Statistics.median(rates.map(\.perSecond)) }
    package var cpuMicroseconds: Double? { Statistics.median(rates.map(\.cpuMicroseconds)) }
    package var peakMB: Double? { rates.map(\.peakMB).max() }
    package var spread: Double { Statistics.spread(rates.map(\.perSecond)) }

    /// Round against round, because only what was measured side by side can be compared; the median of that. A peer that
    /// ran in fewer rounds is compared in those.
    package func ratio(to other: Series) -> Double? {
        Statistics.median(zip(rates, other.rates).map { $0.perSecond / $1.perSecond })
    }
}

/// Everything a run of the benchmark found out; what was not measured is nil or empty.
package struct BenchResult: Sendable {
    package var series: [Contestant: Series] = [:]
    /// Shares of connections ÷ round trip, by figure.
    var more: [Figure: Double] = [:]

    package init() {}

    package subscript(_ figure: Figure) -> Double? {
        get { more[figure] ?? derived(figure) }
        set { more[figure] = newValue }
    }

    /// Of our own rates.
    package var spread: Double? {
        let ours = Contestant.allCases.filter(\.isOurs).compactMap { series[$0] }.filter { $0.rates.count > 1 }
        return ours.map(\.spread).max()
    }

    /// The machine was too busy with others for a verdict.
    package var isTooNoisy: Bool { (spread ?? 0) > Statistics.tooNoisy }

    private func derived(_ figure: Figure) -> Double? {
        switch figure {
        case .smtpPerSecond: series[.vestnikSMTP]?.perSecond
        case .httpPerSecond: series[.vestnikHTTP]?.perSecond
        case .smtpVsPostfix: ratio(.vestnikSMTP, .postfix)
        case .smtpVsThin: ratio(.vestnikSMTP, .thinSMTP)
        case .smtpVsPython: ratio(.vestnikSMTP, .pythonSMTP)
        case .httpVsLibcurl: ratio(.vestnikHTTP, .libcurl)
        case .httpVsKannel: ratio(.vestnikHTTP, .kannel)
        case .httpVsPython: ratio(.vestnikHTTP, .pythonHTTP)
        case .httpVsApprise: ratio(.vestnikHTTP, .apprise)
        case .cpuSMTP: series[.vestnikSMTP]?.cpuMicroseconds
        case .cpuHTTP: series[.vestnikHTTP]?.cpuMicroseconds
        case .peakMB: [series[.vestnikSMTP]?.peakMB, series[.vestnikHTTP]?.peakMB].compactMap(\.self).max()
        case .spread: spread
        case .farSMTP64, .farSMTP256, .farHTTP64, .farHTTP256, .idleMailP50, .idleMailP99, .idleSMSP50, .idleSMSP99,
            .enqueuePerSecond, .deepRate, .deepPeakMB, .deeperRate, .deeperPeakMB, .bytesPerMessage, .emergencyFirst,
            .emergencyAll, .emergencyBulk, .doorPerSecond, .emptyPerSecond, .doorVsEmpty, .doorP50, .doorP99,
            .slowClients, .batchPerSecond, .insertPerSecond, .batchVsInsert, .batchGrowthMB:
            nil
        }
    }

    private func ratio(_ one: Contestant, _ other: Contestant) -> Double? {
        guard let mine = series[one], let theirs = series[other] else { return nil }
        return mine.ratio(to: theirs)
    }
}
