// What a test key's message comes to. Policy was asked and the text is rendered, as for any other; then nobody is called:
// the outcome is read off the address. Pure, and without a provider to give anything to: nothing can leave.

import Delivery
import Domain
import FoundationEssentials
import Policy
import Queue

/// - Parameter schedule: repeats wait as long as they would, to the second: nothing else is hurt if all come at once.
func rehearse(_ prepared: Prepared, schedule: RetrySchedule, at now: Date) -> Settlement {
    let magic = MagicRecipient(prepared.permit.destination) ?? .delivered
    let outcome = magic.outcome(ofSubmission: prepared.submission.number, reference: prepared.claim.message.id)
    var settlement = settle(
        outcome, of: prepared, through: .rehearsal, beganAt: now, reports: true, schedule: schedule, chance: 0.5,
        at: now)
    // An address that is there to be refused must be refused the next time too, and the list is of real ones.
    settlement.suppress = nil
    // It goes on in the line where it was claimed: that one is worked off.
    settlement.channel = nil
    if case .success = outcome, magic.isReported {
        (settlement.event, settlement.due, settlement.held) = (.reportedDelivered, nil, nil)
    }
    return settlement
}

extension MagicRecipient {
    fileprivate func outcome(ofSubmission number: Int, reference: MessageID) -> Result<Receipt, DeliveryFailure> {
        switch self {
        case .delivered, .acceptedWithoutReport: .success(Receipt(providerID: "test-\(reference.text)"))
        case .temporaryThenDelivered where number > 1: .success(Receipt(providerID: "test-\(reference.text)"))
        case .temporaryThenDelivered: .failure(DeliveryFailure(.addressBusy, code: "test"))
        case .permanent: .failure(DeliveryFailure(.unknownAddress, code: "test"))
        case .noAnswer: .failure(DeliveryFailure(.noAnswer, code: "test"))
        }
    }

    /// Its acceptance and its report come as one.
    fileprivate var isReported: Bool {
        switch self {
        case .delivered, .temporaryThenDelivered: true
        case .permanent, .noAnswer, .acceptedWithoutReport: false
        }
    }
}
