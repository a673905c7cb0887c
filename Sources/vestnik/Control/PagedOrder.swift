import Domain

/// A long list carried out page by page, each page one commit, with progress; every item is printed as it is answered.
struct PagedOrder {
    let label: Words
    let options: HouseOptions
    let settings: LoadedSettings
    var dryRun = false

    struct Tally {
        var total: Int
        /// Answered, refused ones among them.
        var done = 0
        var refused = 0
        var carriedOut: Int { done - refused }
    }

    /// - Parameter stopped: said when a page fails after others were carried out; that page is not, as a whole.
    func carryOut<Item>(
        _ items: [Item], stopped: (Tally) -> Words, _ command: ([Item]) -> Command
    ) async throws -> Tally {
        var progress = Progress(label, in: settings.language)
        var tally = Tally(total: items.count)
        let desk = try await Desk.open(settings)
        let size = desk.page(dryRun: dryRun)
        do {
            for start in stride(from: 0, to: items.count, by: size) {
                let page = Array(items[start..<min(start + size, items.count)])
                guard case .items(let answers) = try await desk.carryOut(command(page)) else { continue }
                for var answer in answers {
                    answer.index += start
                    if answer.isRefused { tally.refused += 1 }
                    Console.print(options.json ? JSONText.line(answer) : answer.line(in: settings.language))
                }
                tally.done += page.count
                progress.show(tally.done, of: tally.total)
            }
        } catch {
            progress.finish()
            await desk.close()
            if tally.done > 0 { Console.error(stopped(tally)(settings.language)) }
            throw error
        }
        progress.finish()
        await desk.close()
        return tally
    }
}

extension ItemReply {
    var isRefused: Bool { problem != nil || detail != nil }

    func line(in language: Language) -> String {
        if let detail { return "✗ \(id ?? "№ \(index + 1)"): \(detail)" }
        var line = "\(id ?? "—")  \(status ?? "")"
        if let retryOf { line += Words(ru: "  повтор \(retryOf)", en: "  retry of \(retryOf)")(language) }
        if let reason { line += " (\(reason))" }
        if let heldReason, let dueAt { line += " (\(heldReason), \(dueAt))" }
        if replayed == true { line += Words(ru: "  уже было принято", en: "  was accepted before")(language) }
        for (channel, text) in (texts ?? [:]).sorted(by: { $0.key < $1.key }) { line += "\n  \(channel): \(text)" }
        return line
    }
}
