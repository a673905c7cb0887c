import ArgumentParser
import Domain
import Foundation
import Journal
import StoreSQLite
import Wording

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Журнал доставки · delivery log",
        discussion: """
            vestnik logs --limit 20
            vestnik logs --follow --channel sms --event accepted

            События · events: \(events.joined(separator: ", "))
            """)
    private static let events = MessageEvent.allCases.map(\.rawValue) + JournalWord.allCases.map(\.rawValue)

    @OptionGroup var options: HouseOptions
    @Flag(help: "Ждать новых строк · wait for new lines") var follow = false
    @Option(help: "Сколько последних строк показать сначала · lines to start with") var limit = 20
    @Option(help: "Только это событие · this event only") var event: String?
    @Option(help: "Только этот канал · this channel only") var channel: String?
    @Option(help: "Только это состояние · this state only") var status: String?

    func run() async throws {
        try await report(in: options.language) {
            try checkFilters()
            let house = try ReadingRoom.open(options)
            var last = try await house.reading { store throws(StoreError) in try await store.lastSequence() }
            last = max(0, last - Int64(max(0, limit)))
            repeat {
                let entries = try await house.reading { [last] store throws(StoreError) in
                    try await store.entries(after: last, limit: 500)
                }
                for entry in entries where wanted(entry) {
                    Console.print(options.json ? JSONText.line(LogLine(entry)) : LogLine(entry).text(house))
                }
                last = entries.last?.sequence ?? last
                if entries.count == 500 { continue }
                if follow { try await Task.sleep(for: .milliseconds(300)) } else { return }
            } while !Task.isCancelled
        }
    }

    /// A name that does not exist matches nothing, and an empty log would look like an answer.
    private func checkFilters() throws {
        if let event, !Self.events.contains(event) {
            throw Failure.unknown(
                ru: "события «\(event)» нет", en: "no event \"\(event)\"", event, among: Self.events)
        }
        _ = try status.map(MessageState.init(typed:))
        _ = try channel.map(Channel.init(typed:))
    }

    private func wanted(_ entry: JournalEntry) -> Bool {
        if let event, entry.event != event { return false }
        if let status, entry.state?.rawValue != status { return false }
        if let channel,
            !entry.facts.contains(where: {
                // A row that names a destination names its channel first: `sms +7···1234`.
                $0.name == "channel" && $0.value == channel
                    || $0.name == "to" && $0.value.utf8.starts(with: (channel + " ").utf8)
            })
        {
            return false
        }
        return true
    }
}
