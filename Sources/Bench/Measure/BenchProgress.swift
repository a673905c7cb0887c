package import Domain

/// Says on stderr what is going on; how it looks is up to whoever made it.
package struct BenchProgress: Sendable {
    /// A new step has begun.
    let say: @Sendable (Words) -> Void
    /// A bar: label, done, of total.
    let draw: @Sendable (Words, Int, Int) -> Void
    let erase: @Sendable () -> Void

    package init(
        say: @escaping @Sendable (Words) -> Void, draw: @escaping @Sendable (Words, Int, Int) -> Void,
        erase: @escaping @Sendable () -> Void
    ) {
        self.say = say
        self.draw = draw
        self.erase = erase
    }

    func say(ru: String, en: String) { say(Words(ru: ru, en: en)) }
    /// Said as well as drawn: without a terminal there is no bar, and silence would look like a standstill.
    func begin(_ label: Words, _ total: Int) -> Bar {
        say(ru: "\(label.ru): до \(total)", en: "\(label.en): up to \(total)")
        return Bar(label: label, total: total, progress: self)
    }

    struct Bar {
        let label: Words
        let total: Int
        let progress: BenchProgress
        func show(_ done: Int) { progress.draw(label, done, total) }
        func finish() { progress.erase() }
    }
}
