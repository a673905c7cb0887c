import Bench
import Domain
import Foundation

/// The benchmark's report and progress for people.
enum BenchLines {
    static func text(_ result: BenchResult, _ language: Language) -> String {
        let tables = BenchTables(result)
        var rates =
            language == .ru
            ? Table("КТО", "СООБЩ./С", "МКС CPU", "МБ", "КРУГИ") : Table("WHO", "MESSAGES/S", "µS CPU", "MB", "ROUNDS")
        for row in tables.contestants(language) { rates.add(row[0], row[1], row[2], row[3], row[4]) }
        var figures =
            language == .ru ? Table("ЧТО", "ВЫШЛО", "ЦЕЛЬ", "") : Table("WHAT", "MEASURED", "GOAL", "")
        for row in tables.figures(language) { figures.add(row[0], row[1], row[2], row[3]) }
        let parts = [rates.render(), figures.render(), tables.noise?(language), machine]
        return parts.compactMap(\.self).joined(separator: "\n\n")
    }

    /// Where and when: figures without it are nobody's.
    static var machine: String {
        let cpu = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
            .split(separator: "\n").first { $0.hasPrefix("model name") }?
            .split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
        let load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?.prefix { $0 != " " }
        let kernel = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? ""
        return [
            Version.text, cpu ?? "", "\(ProcessInfo.processInfo.processorCount) cores",
            "Linux \(kernel.trimmingCharacters(in: .whitespacesAndNewlines))", "load \(load ?? "?")",
            Clocks.now().wall.ISO8601Format(),
        ].filter { !$0.isEmpty }.joined(separator: " · ")
    }

    /// A line for each step; a bar for what is long, on a terminal.
    static func progress(_ language: Language) -> BenchProgress {
        let terminal = Console.errorIsTerminal
        return BenchProgress(
            say: { Console.error("· " + $0(language)) },
            draw: { label, done, total in
                if terminal { Console.errorRaw("\r\u{1B}[K  \(label(language)) \(done) / \(total)") }
            },
            erase: { if terminal { Console.errorRaw("\r\u{1B}[K") } })
    }
}
