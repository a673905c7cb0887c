/// How far the attempts of a message may have come so far. It only grows, save by the provider's own word that it never
/// got what we asked it about.
package enum Reach: Int, Sendable, CaseIterable, Comparable {
    /// Nothing left us, or all of it was refused: the resident has no copy from us.
    case nobody = 0
    /// The outcome of some attempt is unknown: the resident may have a copy.
    case perhaps = 1
    /// Some provider took it once.
    case accepted = 2

    package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}
