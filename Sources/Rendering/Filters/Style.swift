/// How a value is shown at a place: typography for eyes, plain signs for SMS and text, words for a voice.
enum Style: Sendable {
    case typographic, plain, spoken

    /// Where text may wrap, what belongs together stays together.
    var space: StaticString { self == .typographic ? "\u{A0}" : " " }
}
