import Domain
import Queue
import Testing

@Suite struct FairShareTests {
    @Test func aTenthForTheLowerPrioritiesWhateverTheStep() {
        for step in [1, 3, 10, 64, 1000] {
            var share = FairShare()
            var counts: [Priority: Int] = [:]
            for _ in 0..<3000 / step {
                for (priority, count) in share.reserve(of: step) { counts[priority, default: 0] += count }
            }
            for priority in [Priority.high, .normal, .bulk] {
                let fair = 3000 / step * step / 30
                #expect(abs((counts[priority] ?? 0) - fair) <= 1, "\(priority) in steps of \(step)")
            }
            #expect(counts[.emergency] == nil)
        }
    }
}
