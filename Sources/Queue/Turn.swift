package import Domain
package import FoundationEssentials

package struct TurnRequest: Sendable {
    package var finished: [Settlement]
    package var beginning: [Beginning]
    /// How much more each channel can take; a channel that is not named claims nothing.
    package var wanted: [Wanted]
    package var lease: Duration
    /// What becomes of this process's own claims whose lease has ended.
    package var aftercare: Aftercare
    package init(
        finished: [Settlement] = [], beginning: [Beginning] = [], wanted: [Wanted] = [],
        lease: Duration = .seconds(900), aftercare: Aftercare = Aftercare()
    ) {
        self.finished = finished
        self.beginning = beginning
        self.wanted = wanted
        self.lease = lease
        self.aftercare = aftercare
    }
}

/// At most so many new claims of one channel.
package struct Wanted: Sendable, Hashable {
    package let channel: Channel
    package var limit: Int
    /// Room on top of `limit` that only emergencies may take: they never wait behind what was claimed before them.
    package var emergencies: Int
    package init(_ channel: Channel, limit: Int, emergencies: Int = 0) {
        self.channel = channel
        self.limit = limit
        self.emergencies = emergencies
    }
}

/// A claimed message whose first byte may leave now, if the books still say what policy read in them.
package struct Beginning: Sendable, Hashable {
    package let message: MessageID
    package let token: Int64
    package let provider: ProviderID
    package let destination: Destination
    /// The recipient whose consents were read, if the message has one.
    package let recipient: RecipientID?
    /// The account whose facts were read, if the message has a condition.
    package let account: AccountID?
    /// The age of the books at which the permit was given.
    package let epoch: Epoch
    /// From then on the permit is worth nothing: quiet hours begin.
    package let until: Date
    /// What it costs of the account's daily cap, and the day it counts on; nil where nothing is capped.
    package let charge: Charge?
    package init(
        message: MessageID, token: Int64, provider: ProviderID, destination: Destination, recipient: RecipientID?,
        account: AccountID? = nil, epoch: Epoch, until: Date = .distantFuture, charge: Charge? = nil
    ) {
        self.message = message
        self.token = token
        self.provider = provider
        self.destination = destination
        self.recipient = recipient
        self.account = account
        self.epoch = epoch
        self.until = until
        self.charge = charge
    }
}

package struct Turn: Sendable {
    package var claims: [Claim]
    /// Tokens of `beginning` that are committed as begun: these may leave.
    package var begun: [Int64]
    /// The books changed for this recipient or address since the permit: ask policy again.
    package var stale: [Int64]
    /// The claim is no longer ours (lease over, cancelled, expired): forget the message.
    package var lost: [Int64]
    /// What the finished settlements did, in order; nil where the claim was no longer ours and nothing changed.
    package var settled: [Happening?]
    /// What happened besides: expiries that were met, leases that ended.
    package var happened: [Happening]
    package init(
        claims: [Claim] = [], begun: [Int64] = [], stale: [Int64] = [], lost: [Int64] = [], settled: [Happening?] = [],
        happened: [Happening] = []
    ) {
        self.claims = claims
        self.begun = begun
        self.stale = stale
        self.lost = lost
        self.settled = settled
        self.happened = happened
    }
}
