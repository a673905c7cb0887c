import Domain
import Testing
import Wording

/// Every member of every closed list that reaches people has a name of its own in both languages.
struct WordingTests {
    struct List: Sendable, CustomTestStringConvertible {
        let name: String
        let words: [(member: String, words: Words)]
        var testDescription: String { name }

        init<Kind: CaseIterable>(_: Kind.Type, _ name: String = "\(Kind.self)", by words: (Kind) -> Words) {
            self.name = name
            self.words = Kind.allCases.map { ("\($0)", words($0)) }
        }
    }

    static let names = [
        List(MessageState.self, by: \.words), List(HeldReason.self, by: \.words),
        List(SuppressedReason.self, by: \.words),
        List(DeliveryFailure.Reason.self, by: \.words), List(DeliveryFailure.Kind.self, by: \.words),
        List(Channel.self, by: \.words), List(MessageEvent.self, by: \.words), List(Priority.self, by: \.words),
        List(ConsentRecord.Action.self, by: \.words), List(ConsentRecord.Source.self, by: \.words),
        List(Suppression.Reason.self, by: \.words), List(StoreError.Kind.self, by: \.words),
        List(Purpose.Basis.self, by: \.words), List(Hold.Reason.self, by: \.words),
        List(JournalWord.self, by: \.words), List(WaitingWord.self, by: \.words),
    ]
    static let advice = [
        List(DeliveryFailure.Reason.self, "advice on failures", by: \.advice),
        List(SuppressedReason.self, "advice on refusals", by: \.advice),
        List(StoreError.Kind.self, "advice on the store", by: \.advice),
        List(Hold.Reason.self, "advice on a held queue", by: \.advice),
    ]

    @Test(arguments: names + advice) func everyMemberHasItsOwnWords(list: List) {
        #expect(!list.words.isEmpty)
        for language in Language.allCases {
            let texts = list.words.map { $0.words(language) }
            for (member, words) in list.words {
                let text = words(language)
                #expect(!text.isEmpty && text.first != " " && text.last != " ", "\(member) \(language)")
                #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "\(member) \(language)")
            }
            #expect(Set(texts).count == texts.count, "two of \(list.name) have the same words")
        }
    }

    @Test(arguments: names) func russianIsRussianAndEnglishIsEnglish(list: List) {
        let brands: Set = ["MAX"]
        for (member, words) in list.words where !brands.contains(words.ru) {
            #expect(words.ru.unicodeScalars.contains { (0x0400...0x04FF).contains($0.value) }, "\(member)")
            #expect(words.en.utf8.allSatisfy { $0 < 0x80 }, "\(member)")
        }
    }

    @Test(arguments: names) func namesAreNotSentences(list: List) {
        for (member, words) in list.words {
            #expect(words.ru.last != "." && words.en.last != ".", "\(member)")
            #expect(words.ru.utf16.count <= 44 && words.en.utf16.count <= 44, "\(member)")
        }
    }

    @Test(arguments: advice) func adviceIsASentence(list: List) {
        for (member, words) in list.words { #expect(words.ru.last == "." && words.en.last == ".", "\(member)") }
    }

    @Test func misleadingStatesAreExplained() {
        #expect(MessageState.sent.sentence != nil)
        #expect(MessageState.unconfirmed.sentence != nil)
        #expect(MessageState.delivered.sentence == nil)
    }

    @Test func acceptedByUsAndByTheProviderAreTwoThings() {
        let ours = journalWords(event: "accepted", state: .queued, finding: nil)
        #expect(ours != journalWords(event: "accepted", state: .sent, finding: nil))
        #expect(ours == journalWords(event: "accepted", state: .suppressed, finding: nil))
        #expect(journalWords(event: "waiting", state: .unconfirmed, finding: "asked") == WaitingWord.asked.words)
        #expect(journalWords(event: "unheard_of", state: nil, finding: nil) == nil)
    }
}
