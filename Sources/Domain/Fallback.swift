/// What the caller asks for when one channel stays silent: go on to the next one after so long without a delivery.
package struct Fallback: Sendable, Hashable {
    /// Counted from the acceptance by the provider.
    package var after: Duration
    package init(after: Duration) { self.after = after }

    /// Reports take a minute to come; after a week nobody waits for the next channel any more.
    package static let allowed: ClosedRange<Duration> = .seconds(60)...(.seconds(7 * 86_400))
}
