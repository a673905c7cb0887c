import Domain
import Foundation

/// One line on stderr with share, rate and time left. Silent when stderr is not a terminal, and for the first second.
struct Progress {
    private let label: Words
    private let language: Language
    private let started = Clocks.now().wall
    private var lastDrawn = Date.distantPast
    private var drawn = false

    init(_ label: Words, in language: Language) {
        self.label = label
        self.language = language
    }

    mutating func show(_ done: Int, of total: Int) {
        let now = Clocks.now().wall
        let elapsed = now.timeIntervalSince(started)
        guard Console.errorIsTerminal, elapsed > 1, now.timeIntervalSince(lastDrawn) > 0.1, total > 0 else { return }
        lastDrawn = now
        drawn = true
        let share = min(1, Double(done) / Double(total))
        let bar = String(repeating: "█", count: Int(share * 20)) + String(repeating: "░", count: 20 - Int(share * 20))
        let rate = Double(done) / elapsed
        let left = rate > 0 ? Int(Double(total - done) / rate) : 0
        let tail = Words(
            ru: "\(done) из \(total), \(Int(rate))/с, осталось ≈ \(left) с",
            en: "\(done) of \(total), \(Int(rate))/s, ≈ \(left) s left")
        Console.errorRaw("\r\u{1B}[K\(label(language)) \(bar) \(tail(language))")
    }

    mutating func finish() {
        if drawn { Console.errorRaw("\r\u{1B}[K") }
        drawn = false
    }
}
