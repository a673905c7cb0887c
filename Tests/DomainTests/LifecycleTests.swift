import Domain
import Testing

/// docs/LIFECYCLE.md is the specification: every cell of its tables is a test case of its own.
struct LifecycleTests {
    struct Cell: Sendable, CustomTestStringConvertible {
        let state: String, event: String, written: String
        var testDescription: String { "\(state) on \(event)" }
    }

    static let page = SpecificationPage("LIFECYCLE.md")
    static let table = page.table(under: "Every event in every state")
    static let differences = page.table(under: "When an earlier attempt may have arrived")

    static let cells = table.dropFirst().flatMap { row in
        zip(table[0], row).dropFirst().map { Cell(state: $0, event: row[0], written: $1) }
    }

    /// The same cells, with a column of the second table laid over them.
    private static func cells(column: Int) -> [Cell] {
        cells.map { cell in
            let other = differences.dropFirst().first { $0.prefix(2) == [cell.event, cell.state] }
            return Cell(state: cell.state, event: cell.event, written: other?[column] ?? cell.written)
        }
    }
    static let cellsAfterUnknown = cells(column: 3)
    static let cellsAfterAcceptance = cells(column: 4)

    @Test func everyEventHasARowAndEveryStateAColumn() {
        #expect(Self.table.first?.dropFirst().map { $0 } == MessageState.allCases.map(\.rawValue))
        #expect(Self.table.dropFirst().map(\.[0]) == MessageEvent.allCases.map(\.rawValue))
        #expect(Self.cells.count == MessageState.allCases.count * MessageEvent.allCases.count)
    }

    @Test func everyStateAndEventIsExplained() {
        for state in MessageState.allCases { #expect(Self.page.text.contains("\n| \(state.rawValue) "), "\(state)") }
        let events = Self.page.table(under: "What the events are").dropFirst()
        #expect(events.map(\.[0]) == MessageEvent.allCases.map(\.rawValue))
        #expect(events.allSatisfy { $0.count == 2 && !$0[1].isEmpty })
    }

    @Test(arguments: cells) func codeFollowsTable(cell: Cell) throws {
        let state = try #require(MessageState(rawValue: cell.state))
        let event = try #require(MessageEvent(rawValue: cell.event))
        #expect(Self.shown { () throws(IllegalStep) in try state.step(on: event) } == cell.written)
    }

    @Test(arguments: cells) func nothingDiffersWhileNothingLeftUs(cell: Cell) throws { try check(cell, reach: .nobody) }
    @Test(arguments: cellsAfterUnknown) func codeFollowsTableAfterAnUnknownOutcome(cell: Cell) throws {
        try check(cell, reach: .perhaps)
    }
    @Test(arguments: cellsAfterAcceptance) func codeFollowsTableAfterAcceptance(cell: Cell) throws {
        try check(cell, reach: .accepted)
    }

    private func check(_ cell: Cell, reach: Reach) throws {
        let state = try #require(MessageState(rawValue: cell.state))
        let event = try #require(MessageEvent(rawValue: cell.event))
        #expect(Self.shown { () throws(IllegalStep) in try state.step(on: event, reach: reach) } == cell.written)
    }

    @Test(arguments: differences.dropFirst()) func differencesNameTheCellTheyReplace(row: [String]) throws {
        let replaced = try #require(Self.cells.first { $0.event == row[0] && $0.state == row[1] })
        #expect(replaced.written == row[2])
        #expect(Set(row[2...4]).count > 1)
        #expect(row.count == 5)
    }

    @Test(arguments: MessageState.allCases.filter(\.isFinal), MessageEvent.allCases)
    func anEndStaysAnEnd(state: MessageState, event: MessageEvent) {
        let step = Self.shown { () throws(IllegalStep) in try state.step(on: event) }
        #expect(step == "" || step == "·")
    }

    private static func shown(_ step: () throws(IllegalStep) -> Step) -> String {
        do {
            switch try step() {
            case .move(let next): return next.rawValue
            case .note: return "·"
            }
        } catch {
            return ""
        }
    }
}
