package import Counting
import Domain
import Intake
package import Queue

/// `/metrics`, for the house's own monitoring: on the internal listener only. Counters of this process and gauges of the
/// moment; nothing about people.
package struct MetricsResource: Sendable {
    private let reception: Reception
    private let tally: Tally
    private let gauges: any GaugeReader
    private let board: ProviderBoard
    private let version: String

    package init(
        _ reception: Reception, tally: Tally, gauges: any GaugeReader, board: ProviderBoard, version: String
    ) {
        self.reception = reception
        self.tally = tally
        self.gauges = gauges
        self.board = board
        self.version = version
    }

    package var routes: [Route] {
        [
            Route(.get, "/metrics", .open) { call throws(Problem) in
                let (store, standings) = try await stored { () async throws(StoreError) in
                    (try await gauges.gauges(at: call.now), try await board.standings(at: call.now.wall))
                }
                let text = GatewayText(
                    counts: tally.counts, store: store, providers: standings.map(ProviderGauge.init), version: version)
                return Answer(
                    200, headers: [("content-type", PrometheusText.mediaType)], body: .bytes(text.bytes))
            }
        ]
    }
}

extension ProviderGauge {
    fileprivate init(_ standing: ProviderStanding) {
        self.init(
            provider: standing.account.id, isUp: standing.state != .resting, isPaused: standing.state == .paused)
    }
}
