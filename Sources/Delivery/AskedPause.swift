// Mail servers and providers say in words how long they want to be left alone: "greylisted, try again in 300 seconds",
// "please come back in 00:05:00", "retry after 37". Here such words become a time. Bytes only, no language: a number
// counts when it follows a word like "again" or "after", and when nothing about it is unclear. What is unclear names no
// time, and our own schedule decides.

import Domain

package enum AskedPause {
    package static let shortest = Duration.seconds(1)
    /// A stranger's number must not park a channel for good.
    package static let longest = Duration.seconds(3600)

    /// Never shorter than asked, but for the bound: whole milliseconds, rounded up.
    package static func bounded(_ seconds: Double) -> Duration {
        guard seconds < longest.seconds else { return longest }
        return max(shortest, .milliseconds(Int64((seconds * 1000).rounded(.up))))
    }

    /// ASCII digits and nothing else. More of them than an Int holds are more than an hour, too.
    static func seconds(_ digits: [UInt8]) -> Double? {
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Double(String(decoding: digits, as: UTF8.self))
    }

    /// The first time that a text names, nil if none. Only its beginning is read.
    package static func named(in text: some Collection<UInt8>) -> Duration? {
        var tokens = AskedPauseTokens(text.prefix(2048)).all[...]
        while let token = tokens.popFirst() {
            guard case .word(let word) = token, triggers.contains(word) else { continue }
            var rest = tokens
            while case .word(let word)? = rest.first, fillers.contains(word) { rest.removeFirst() }
            if let seconds = length(&rest) { return bounded(seconds) }
        }
        return nil
    }

    private static let triggers: Set = [
        "again", "retry", "back", "wait", "after", "greylisted", "graylisted", "через",
    ]
    private static let fillers: Set = [
        "in", "after", "for", "at", "least", "about", "another", "later", "please",
    ]

    /// `300`, `1.5s`, `00:05:00`, `5 minutes 30 seconds`; nil unless all of it is understood.
    private static func length(_ tokens: inout ArraySlice<AskedPauseTokens.Token>) -> Double? {
        guard let first = tokens.popFirst() else { return nil }
        switch first {
        case .clock(let seconds): return endsHere(tokens) ? seconds : nil
        case .number(let number):
            if endsHere(tokens) { return number }
            guard let unit = unit(&tokens) else { return nil }
            return rest(of: unit * number, &tokens)
        case .word, .stop, .other: return nil
        }
    }

    /// `… and 30 seconds`
    private static func rest(of sum: Double, _ tokens: inout ArraySlice<AskedPauseTokens.Token>) -> Double? {
        if [.word("and"), .word("и")].contains(tokens.first), tokens.dropFirst().first?.isNumber == true {
            tokens.removeFirst()
        }
        guard case .number(let number)? = tokens.first else { return sum }
        tokens.removeFirst()
        return unit(&tokens).flatMap { rest(of: sum + $0 * number, &tokens) }
    }

    /// A bare number is followed by nothing that could be a unit we do not know.
    private static func endsHere(_ tokens: ArraySlice<AskedPauseTokens.Token>) -> Bool {
        tokens.isEmpty || tokens.first == .stop
    }

    private static func unit(_ tokens: inout ArraySlice<AskedPauseTokens.Token>) -> Double? {
        guard case .word(let word)? = tokens.popFirst() else { return nil }
        return units[word]
    }

    private static let units: [String: Double] = {
        let words: [(Double, String)] = [
            (0.001, "ms msec msecs millisecond milliseconds"),
            (1, "s sec secs second seconds с сек секунд секунду секунды"),
            (60, "m min mins minute minutes м мин минут минуту минуты"),
            (3600, "h hr hrs hour hours ч час часа часов"),
            (86_400, "d day days день дня дней сутки суток"),
        ]
        let pairs = words.flatMap { seconds, names in names.split(separator: " ").map { (String($0), seconds) } }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }()
}

/// A text cut into what `AskedPause` looks at.
struct AskedPauseTokens {
    enum Token: Equatable {
        /// In lower case as far as it is ASCII.
        case word(String)
        case number(Double)
        /// `mm:ss` is not one: it could be a time of day.
        case clock(Double)
        /// The end of a clause.
        case stop
        /// A number with a sign, a date, a version.
        case other

        var isNumber: Bool { if case .number = self { true } else { false } }
    }

    private(set) var all: [Token] = []
    private var rest: ArraySlice<UInt8>

    init(_ text: some Sequence<UInt8>) {
        rest = Array(text)[...]
        var last: UInt8 = 0x20
        while let byte = rest.first {
            if Self.isDigit(byte) {
                all.append(number(after: last))
            } else if Self.isLetter(byte) {
                all.append(word())
            } else {
                if Self.stops.contains(byte) { all.append(.stop) }
                rest.removeFirst()
            }
            last = byte
        }
    }

    private mutating func word() -> Token {
        let word = rest.prefix(while: Self.isLetter)
        rest = rest[word.endIndex...]
        return .word(String(decoding: word.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self))
    }

    private mutating func number(after last: UInt8) -> Token {
        let inner: (UInt8) -> Bool = { Self.isDigit($0) || Self.inNumbers.contains($0) }
        var digits = rest.prefix(while: inner)
        while let end = digits.last, !Self.isDigit(end) { digits.removeLast() }
        rest = rest[digits.endIndex...]
        if Self.signs.contains(last) || rest.first.map(Self.signs.contains) == true { return .other }
        let text = String(decoding: digits, as: UTF8.self)
        return digits.contains(UInt8(ascii: ":"))
            ? Self.clock(text) ?? .other : Double(text).map { .number($0) } ?? .other
    }

    private static func clock(_ text: String) -> Token? {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        let numbers = parts.compactMap { AskedPause.seconds(Array($0)) }
        guard parts.count == 3, numbers.count == 3, numbers[1] < 60, numbers[2] < 60 else { return nil }
        return .clock(numbers[0] * 3600 + numbers[1] * 60 + numbers[2])
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 }
    private static let stops = Set(".,;()[]{}<>!?\r\n".utf8)
    /// `1,000` is no number here: it is a thousand for some and one for others.
    private static let inNumbers = Set(".,:".utf8)
    /// Beside a number these make something else of it.
    private static let signs = Set("-+/".utf8)
}
