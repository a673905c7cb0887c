/// What the caller wants when a destination accepted the message and nothing more is heard: try the next one.
package struct Fallback: Sendable, Hashable {
    /// Without a delivery report for this long; the clock stands still in quiet hours. 1 minute … 7 days.
    package var after: Duration
    package init(after: Duration) { self.after = after }
}
