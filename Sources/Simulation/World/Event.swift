import Delivery
import Domain
import FoundationEssentials
import Queue

/// Everything that happens by itself, at a time of its own.
enum Event: Sendable {
    // The callers and the residents.
    case enqueue(Order)
    case withdraw(resident: Int, PurposeID, Channel?)
    case grant(resident: Int, PurposeID)
    case suppress(Destination)
    case lift(Destination)
    case cancel(MessageID)
    /// A person's word about a message that stays unconfirmed.
    case decide(MessageID, MessageEvent)
    /// A person has what failed, expired or was refused sent once more, as a new message.
    case retry(MessageID)
    case pause(ProviderID), resume(ProviderID)
    /// Nothing may leave at all, until `release`.
    case hold, release
    // The far side.
    case arrival(Letter)
    case answer(Letter, Answer)
    case finding(Inquiry, account: ProviderID, @Sendable ([Finding]) -> Void)
    case report(MessageID, ProviderID, delivered: Bool)
    // The machine.
    /// At the so-manieth call of the store from now.
    case die(crossings: Int)
    /// In the middle of a batch, the next time that something is sent.
    case dieSending
    /// A process is stopped, another one owns the books meanwhile, and then the first one wakes.
    case freeze(seconds: Int)
    case restart
    case stall(seconds: Int)
    case setWall(seconds: Double)
    /// The store can be read and not written; nil: it can again.
    case storage(StoreError.Kind?)
    case heal

    /// A message that a client wants sent; it asks again until it is told that it was taken.
    struct Order: Sendable {
        var message: Message
        let resident: Int
        let channel: Channel
        /// What only messages of this order may hold.
        let canary: String
        var tries = 0
    }
}

/// A submission on its way to an account.
struct Letter: Sendable {
    let submission: Submission
    let account: ProviderID
    /// Which process sent it.
    let life: Int
    let submittedAt: Int64
    /// As the wall showed it; nil where somebody had just set it.
    let submittedWall: Date?
    /// When the transport gives up waiting.
    let timeout: Int64
    let answer: @Sendable ([Answer]) -> Void
}
