package import Domain
import Foundation

/// Somebody else who drains a queue of his own into the same sink. A peer is a program that prepares itself, prints
/// `ready PID…` (whose CPU time counts, children included) or `missing WHY`, waits for a line, drains, and ends when its
/// input does.
struct Peer {
    let program: String
    let arguments: [String]
    /// It begins to drain as soon as something is in its queue: the sink is deaf until all is.
    let drainsAtOnce: Bool

    enum Outcome: Sendable {
        case rate(Rate)
        case missing(String)
    }

    func run(
        _ sink: SinkProcess, _ what: Watch.Line, _ count: Int, log: String, within patience: Duration
    ) async throws(BenchFailure) -> Outcome {
        if drainsAtOnce { sink.board[.held] = 1 }
        defer { sink.board[.held] = 0 }
        let child = try Child(program, arguments, log: log)
        guard let line = child.line(within: .seconds(180)) else {
            await child.end()
            return .missing("it did not get ready, see \(log)")
        }
        let words = line.split(separator: " ").map(String.init)
        guard words.first == "ready" else {
            await child.end()
            return .missing(words.dropFirst().joined(separator: " "))
        }
        let watch = Watch(
            board: sink.board, what: what, meter: ProcessMeter(roots: words.dropFirst().compactMap { Int32($0) }))
        async let rate = watch.run(count, within: patience)
        sink.board[.held] = 0
        child.say("go")
        let measured = await rate
        await child.end(within: .seconds(30))
        return measured.map { .rate($0) } ?? .missing("nothing came from it, see \(log)")
    }
}

/// Everybody in the table, ourselves among them.
package enum Contestant: String, Sendable, CaseIterable {
    case vestnikSMTP = "vestnik_smtp"
    case thinSMTP = "thin_smtp"
    case postfix
    case pythonSMTP = "python_smtp"
    case vestnikHTTP = "vestnik_http"
    case libcurl
    case kannel
    case pythonHTTP = "python_http"
    case apprise

    var line: Watch.Line {
        switch self {
        case .vestnikSMTP, .thinSMTP, .postfix, .pythonSMTP: .mails
        case .vestnikHTTP, .libcurl, .kannel, .pythonHTTP, .apprise: .requests
        }
    }

    package var words: Words {
        switch self {
        case .vestnikSMTP: Words(ru: "Вестник, почта", en: "Vestnik, mail")
        case .thinSMTP: Words(ru: "голый цикл: SMTP и SQLite FULL", en: "bare loop: SMTP and SQLite FULL")
        case .postfix: Words(ru: "Postfix, 20 соединений, без кэша", en: "Postfix, concurrency 20, no cache")
        case .pythonSMTP: Words(ru: "Python, smtplib, 16 потоков", en: "Python, smtplib, 16 threads")
        case .vestnikHTTP: Words(ru: "Вестник, СМС по HTTP", en: "Vestnik, SMS over HTTP")
        case .libcurl: Words(ru: "голый libcurl multi, без базы", en: "bare libcurl multi, no database")
        case .kannel: Words(ru: "Kannel", en: "Kannel")
        case .pythonHTTP: Words(ru: "Python, http.client, 16 потоков", en: "Python, http.client, 16 threads")
        case .apprise: Words(ru: "Apprise, 16 потоков, без базы", en: "Apprise, 16 threads, no database")
        }
    }

    var isOurs: Bool { self == .vestnikSMTP || self == .vestnikHTTP }
}
