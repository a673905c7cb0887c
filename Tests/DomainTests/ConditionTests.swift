import Domain
import FoundationEssentials
import Testing

struct ConditionTests {
    static let account = AccountID("0045-12")!

    @Test(arguments: [
        ("balance > 0", Condition.Comparison.greater, 0), ("balance>0", .greater, 0),
        ("balance  >=  500.5", .atLeast, 50050),
        ("balance < -12.50", .less, -1250), ("balance<=0.00", .atMost, 0), ("balance = 1", .equal, 100),
        ("balance != 999999999999.99", .other, 99_999_999_999_999), ("balance > -0", .greater, 0),
    ])
    func isRead(text: String, sign: Condition.Comparison, bound: Int64) throws {
        let condition = try #require(Condition(account: Self.account, text))
        #expect(condition.comparison == sign && condition.bound == Kopecks(bound))
        #expect(Condition(account: Self.account, condition.text) == condition, "what it prints, it reads")
    }

    @Test(arguments: [
        "", "balance", "balance >", "> 0", "0 < balance", "balance => 0", "balance == 0", "balance <> 0",
        "balance > > 0",
        "balance ! = 0", "Balance > 0", " balance > 0", "balance > 0 ", "balance > 0,50", "balance > 1e3",
        "balance > .5",
        "balance > 1.", "balance > 1.005", "balance > +1", "balance > --1", "balance > 1000000000000",
        "balance > 0 and 1",
        "balance > 0; drop", "balance\t> 0", "balance\u{A0}> 0", "balance > ٥", "balance > 0\u{301}", "due > 0",
        "balance > 0\u{0}", "bálance > 0",
    ])
    func isRefused(text: String) { #expect(Condition(account: Self.account, text) == nil) }

    @Test(
        arguments: zip(
            Condition.Comparison.allCases,
            [
                [false, false, true], [false, true, true], [true, false, false], [true, true, false],
                [false, true, false],
                [true, false, true],
            ]))
    func holds(sign: Condition.Comparison, below_at_above: [Bool]) {
        let condition = Condition(account: Self.account, comparison: sign, bound: Kopecks(100))
        #expect([99, 100, 101].map { condition.holds(for: Kopecks($0)) } == below_at_above)
    }

    @Test(arguments: [
        ("3250.50", 325_050), ("3250.5", 325_050), ("0", 0), ("-0.00", 0), ("-12.05", -1205), ("007.10", 710),
        ("999999999999.99", 99_999_999_999_999),
    ])
    func sums(text: String, kopecks: Int64) throws {
        let sum = try #require(Kopecks(text))
        #expect(sum.count == kopecks && Kopecks(sum.text) == sum)
    }

    @Test(arguments: ["", "-", ".5", "5.", "1,5", "1 000", "+1", "1.234", "1000000000000", "1e2", "٣", "1.-5", "0x10"])
    func noSums(text: String) { #expect(Kopecks(text) == nil) }

    @Test func anAccountAndItsResidentAreOneAccount() {
        #expect(AccountID("ls:0045-12") == Self.account && AccountID("0045-12")?.text == "0045-12")
        for text in ["", "ls:", " 1", "1\n", "ls: 1", String(repeating: "1", count: 129)] {
            #expect(AccountID(text) == nil, "\(text)")
        }
    }

    @Test func factsOfTomorrowAreNoFacts() {
        func facts(_ ahead: Double) -> AccountFacts? {
            AccountFacts(
                account: Self.account, balance: Kopecks(0), asOf: .now.addingTimeInterval(ahead), toldAt: .now)
        }
        #expect(facts(86_400) == nil)
        #expect(facts(-86_400) != nil)
    }
}
