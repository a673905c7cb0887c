/// How long and how much.
package struct BenchOptions: Sendable {
    package var quick = false
    /// Nothing but the way in over HTTP.
    package var intakeOnly = false
    package var rounds = 3
    /// Messages per round.
    package var messages = 60_000
    /// A round ends after so long, with the rate of what came until then; seconds.
    package var slice = 20
    package var connections = 256
    package var window = 4096
    /// How deep the deep queue is, and whether there is one of ten millions besides.
    package var deep = 1_000_000
    package var deeper = false
    package var peers = true
    package init() {}

    /// A minute for everything.
    package static var quick: BenchOptions {
        var options = BenchOptions()
        options.quick = true
        options.slice = 2
        return options
    }

    var residents: Int { quick ? 2000 : 20_000 }
    /// In quick mode each of the two queues is filled for so long, and no further round begins after `lastRound`.
    var filling: Duration { quick ? .seconds(7) : .seconds(3600) }
    var lastRound: Duration { quick ? .seconds(46) : .seconds(86_400) }
    /// What strangers carry in one round: enough for a second or two of theirs.
    var postfixMails: Int { quick ? 2000 : 10_000 }
    var kannelMessages: Int { quick ? 6000 : 30_000 }
    var thinMessages: Int { quick ? 30_000 : 100_000 }
    var pythonMessages: Int { 5000 }
    var appriseMessages: Int { 2000 }
    /// A stranger takes long to prepare: in quick mode once.
    var strangerRounds: Int { quick ? 1 : rounds }
}
