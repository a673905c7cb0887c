package import Domain

/// Why a message is not sent again.
package enum RetryObjection: Sendable, Hashable {
    /// It is on its way, or has arrived.
    case nothingToRetry(MessageState)
    /// Nobody knows whether it arrived: the resident may get a second copy.
    case mayHaveArrived
}

extension MessageView {
    /// - Parameter evenUnconfirmed: a person takes the second copy upon themselves.
    /// - Returns: nil when it may be sent again.
    package func objectionToRetry(evenUnconfirmed: Bool) -> RetryObjection? {
        switch state {
        case .queued, .sending, .sent, .delivered: .nothingToRetry(state)
        case .unconfirmed where !evenUnconfirmed: .mayHaveArrived
        case .failed where !evenUnconfirmed && failure?.outlook == .unknown: .mayHaveArrived
        case .unconfirmed, .failed, .suppressed, .expired, .cancelled: nil
        }
    }
}
