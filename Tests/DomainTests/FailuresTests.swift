import Domain
import Testing

/// docs/FAILURES.md is the specification: every cell of its table is a test case of its own.
struct FailuresTests {
    struct Cell: Sendable, CustomTestStringConvertible {
        let reason: String, column: String, written: String
        var testDescription: String { "\(reason): \(column)" }
    }

    static let page = SpecificationPage("FAILURES.md")
    static let table = page.table(under: "What follows from each reason")
    static let cells = table.dropFirst().flatMap { row in
        zip(table[0], row).dropFirst().map { Cell(reason: row[0], column: $0, written: $1) }
    }
    static let schedule: [Duration] = [.seconds(60), .seconds(600)]

    @Test func everyReasonHasARow() {
        let reasons = DeliveryFailure.Reason.allCases.map(\.rawValue)
        #expect(Self.table.dropFirst().map(\.[0]) == reasons)
        #expect(Self.cells.count == reasons.count * 11)
        let accounts = Self.page.table(under: "What it says about the account").dropFirst().map(\.[0])
        #expect(accounts == AccountWord.allCases.map(\.rawValue))
        let advice = Self.page.table(under: "What it means and what the operator does").dropFirst()
        #expect(advice.map(\.[0]) == reasons)
        #expect(advice.allSatisfy { $0.count == 3 && !$0[1].isEmpty && !$0[2].isEmpty })
    }

    @Test(arguments: cells) func codeFollowsTable(cell: Cell) throws {
        let failure = DeliveryFailure(try #require(DeliveryFailure.Reason(rawValue: cell.reason)))
        let marks = [(0, true), (0, false), (2, true), (2, false)].map { Self.verdict(failure, $0.0, $0.1) }
        func all(_ mark: (Verdict) -> Bool) -> String {
            Set(marks.map(mark)).count > 1 ? "depends" : mark(marks[0]) ? "yes" : "no"
        }
        let real =
            switch cell.column {
            case "scope": failure.scope.rawValue
            case "outlook": failure.outlook.rawValue
            case "kind": failure.kind.rawValue
            case "first, fallback left": marks[0].event.rawValue
            case "first, none left": marks[1].event.rawValue
            case "used up, fallback left": marks[2].event.rawValue
            case "used up, none left": marks[3].event.rawValue
            case "spends": all(\.spendsAttempt)
            case "suppresses": all(\.suppressesAddress)
            case "account": failure.reason.accountWord.rawValue
            case "alerts": failure.reason.alertsOperator ? "yes" : "no"
            default: "no such column"
            }
        #expect(real == cell.written)
    }

    private static func verdict(_ failure: DeliveryFailure, _ attempt: Int, _ fallbackLeft: Bool) -> Verdict {
        Domain.verdict(on: failure, attempt: attempt, fallbackLeft: fallbackLeft, schedule: schedule)
    }

    // MARK: waiting

    @Test func theScheduleGivesTheWait() {
        for (attempt, wait) in Self.schedule.enumerated() {
            #expect(Self.verdict(DeliveryFailure(.addressBusy), attempt, false).dueIn == wait)
        }
        #expect(Self.verdict(DeliveryFailure(.addressBusy), 2, false).dueIn == nil)
    }

    @Test func anAskedPauseIsALowerBoundAndNoShortCut() {
        func due(_ asked: Int) -> Duration? {
            Self.verdict(DeliveryFailure(.addressBusy, retryAfter: .seconds(asked)), 0, true).dueIn
        }
        #expect(due(1) == .seconds(60) && due(300) == .seconds(300))
    }

    @Test(arguments: [DeliveryFailure.Reason.throttled, .unreachable, .outOfFunds])
    func whatTheProviderAskedForBindsTheAccountAndNotTheMessage(reason: DeliveryFailure.Reason) {
        #expect(Self.verdict(DeliveryFailure(reason, retryAfter: .seconds(7)), 0, true).dueIn == nil)
    }

    @Test func whatOnlyOneMessageMeetsEndsAfterFive() {
        func verdict(_ reason: DeliveryFailure.Reason, _ attempt: Int) -> Verdict {
            Domain.verdict(
                on: DeliveryFailure(reason), attempt: attempt, fallbackLeft: true, othersPassed: true,
                schedule: Array(repeating: .seconds(60), count: 9))
        }
        for reason in [DeliveryFailure.Reason.misconfigured, .unreachable] {
            #expect(
                (0..<poisonLimit).map { verdict(reason, $0).event } == [
                    .failedTemporarily, .failedTemporarily, .failedTemporarily, .failedTemporarily, .failedPermanently,
                ])
            #expect((0..<poisonLimit).allSatisfy { verdict(reason, $0).spendsAttempt })
        }
        // Whatever others met, nobody knows what became of this one.
        #expect(verdict(.unintelligible, 0).event == .answerLost)
        #expect(verdict(.addressBusy, 0).event == .failedTemporarily)
    }

    @Test(arguments: DeliveryFailure.Reason.allCases)
    func whatMayHaveBeenDeliveredIsNeverTriedAgainByItself(reason: DeliveryFailure.Reason) {
        let failure = DeliveryFailure(reason, retryAfter: .seconds(7))
        guard failure.outlook == .unknown else { return }
        #expect(Self.verdict(failure, 0, true).dueIn == nil)
        #expect(Self.verdict(failure, 0, true).event == .answerLost)
    }

    // MARK: a stranger's words

    @Test(arguments: [
        ("550 5.1.1", "550 5.1.1", "550 5.1.1"), ("a\r\nb", "a  b", "a  b"), ("\u{1B}[31mred", " [31mred", " [31mred"),
        ("\u{202E}left", " left", " left"), ("нет номера", "          ", "нет номера"), ("a\u{0}b", "a b", "a b"),
        ("a\u{200B}b", "a b", "a b"), ("\u{85}", " ", " "), ("x\r\n\u{301}", "x   ", "x  \u{301}"),
    ])
    func wordsOfAStrangerArePlain(said: String, code: String, detail: String) {
        let failure = DeliveryFailure(.contentRejected, code: said, detail: said)
        #expect(failure.code.map { Array($0.utf8) } == Array(code.utf8))
        #expect(failure.detail.map { Array($0.utf8) } == Array(detail.utf8))
    }

    @Test func wordsOfAStrangerAreBounded() {
        let failure = DeliveryFailure(
            .contentRejected, code: String(repeating: "x", count: 1000), detail: String(repeating: "ы", count: 1000))
        #expect(failure.code?.utf8.count == 64)
        #expect(failure.detail?.utf8.count == 300)
        let odd = DeliveryFailure(.contentRejected, detail: "x" + String(repeating: "ы", count: 1000))
        #expect(odd.detail?.utf8.count == 299)
    }
}
