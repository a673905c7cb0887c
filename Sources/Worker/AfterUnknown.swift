import Domain
import FoundationEssentials
import Queue

/// Nobody knows whether the last attempt was taken: what follows is decided here, whether an answer was lost, a lease ended
/// or the process died. Pure.
struct AfterUnknown {
    let onUnconfirmed: Purpose.OnUnconfirmed
    /// Attempts that counted on this destination before this one.
    let attempts: Int
    let expiresAt: Date
    /// The provider can tell later what became of it.
    let canBeAsked: Bool
    /// Another destination may be left; whether policy still allows it is asked when the message leaves.
    let mayFallBack: Bool

    enum Consequence: Equatable {
        /// The provider is asked then; nil: a report or a person.
        case waits(until: Date?)
        /// Another copy, due then.
        case again(Date)
        /// The schedule of this destination is used up, or its next pause would be too long: the next one.
        case elsewhere
    }

    /// A purpose that would rather say it twice goes again, first on the same destination and then on the next; every
    /// other waits for the provider's word or a person's.
    func consequence(_ schedule: RetrySchedule, chance: Double, at now: Date) -> Consequence {
        let waits = Consequence.waits(until: canBeAsked ? now.addingTimeInterval(firstQuestion) : nil)
        switch onUnconfirmed {
        case .hold, .ask: return waits
        case .resend:
            if attempts < schedule.pauses.count {
                let due = now.addingTimeInterval(schedule.jittered(schedule.pauses[attempts], by: chance))
                if due < expiresAt { return .again(due) }
            }
            return mayFallBack && now < expiresAt ? .elsewhere : waits
        }
    }
}

/// Seconds before the provider is asked for the first time: it may still be working on it.
let firstQuestion: Double = 60
