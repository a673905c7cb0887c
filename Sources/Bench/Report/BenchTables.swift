package import Domain

/// The report for people, as rows of cells; how a table looks is up to the caller.
package struct BenchTables: Sendable {
    let result: BenchResult
    package init(_ result: BenchResult) { self.result = result }

    /// Who, messages/s, µs, MB, rounds.
    package func contestants(_ language: Language) -> [[String]] {
        Contestant.allCases.compactMap { who in
            guard let series = result.series[who] else { return nil }
            guard let rate = series.perSecond else {
                return [who.words(language), "—", "—", "—", series.missing ?? "—"]
            }
            let rates = series.rates.map(\.perSecond)
            let from = Figure.shown(rates.min() ?? rate), to = Figure.shown(rates.max() ?? rate)
            return [
                who.words(language), Figure.shown(rate), Figure.shown(series.cpuMicroseconds ?? 0),
                Figure.shown(series.peakMB ?? 0), rates.count > 1 ? "\(rates.count): \(from)–\(to)" : "1",
            ]
        }
    }

    /// What, value, goal, verdict. With too much noise there is no verdict.
    package func figures(_ language: Language) -> [[String]] {
        Figure.allCases.compactMap { figure in
            guard let value = result[figure] else { return nil }
            let reached = figure.goal.map { $0.isReached(by: value) ? "✓" : "✗" } ?? ""
            return [
                figure.words(language), Figure.shown(value), figure.goal?.text ?? "",
                result.isTooNoisy ? (figure.goal == nil ? "" : "?") : reached,
            ]
        }
    }

    /// Nil when the figures may be trusted.
    package var noise: Words? {
        guard result.isTooNoisy, let spread = result.spread else { return nil }
        let share = Int((spread * 100).rounded())
        return Words(
            ru: "Машина слишком занята другим: разброс \(share) % при пределе 30 %. Вывода нет, повторите в тишине.",
            en:
                "The machine is too busy with others: a spread of \(share) %, the limit is 30 %. No verdict; repeat in peace."
        )
    }
}
