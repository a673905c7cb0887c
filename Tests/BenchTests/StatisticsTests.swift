import Bench
import Testing

@Suite struct StatisticsTests {
    @Test func theMedianStandsInTheMiddle() {
        #expect(Statistics.median([]) == nil)
        #expect(Statistics.median([3]) == 3)
        #expect(Statistics.median([9, 1, 2]) == 2)
        #expect(Statistics.median([4, 1, 2, 9]) == 3)
    }

    @Test func theSpreadIsAShareOfTheMedian() {
        #expect(Statistics.spread([]) == 0)
        #expect(Statistics.spread([5]) == 0)
        #expect(Statistics.spread([90, 100, 120]) == 0.3)
    }

    @Test func percentilesAreByNearestRank() {
        let values = (1...100).map(Double.init)
        #expect(Statistics.percentile(values.shuffled(), 0.5) == 50)
        #expect(Statistics.percentile(values, 0.99) == 99)
        #expect(Statistics.percentile([7], 0.99) == 7)
        #expect(Statistics.percentile([], 0.5) == nil)
    }
}
