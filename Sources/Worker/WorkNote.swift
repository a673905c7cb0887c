package import Domain

/// Which message is being prepared right now, kept where it outlives the process but not the machine: a message that makes
/// the process die is named by it, and the thousand others that were claimed with it are not blamed.
package struct WorkNote: Sendable {
    /// What the process before this one was preparing when it died, if anything.
    package let last: MessageID?
    package let write: @Sendable (MessageID?) -> Void
    package init(last: MessageID?, write: @escaping @Sendable (MessageID?) -> Void) {
        self.last = last
        self.write = write
    }

    package static let none = WorkNote(last: nil) { _ in }
}
