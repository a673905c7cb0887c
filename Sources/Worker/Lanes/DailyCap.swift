package import FoundationEssentials

/// A day on the clock of the house.
package struct HouseDay: Sendable, Hashable {
    /// Days since 1970.
    package let number: Int
    package let end: Date
    package init(number: Int, end: Date) {
        self.number = number
        self.end = end
    }

    /// Where nobody told us of another clock.
    package static func utc(_ date: Date) -> HouseDay {
        let number = Int((date.timeIntervalSince1970 / 86_400).rounded(.down))
        return HouseDay(number: number, end: Date(timeIntervalSince1970: Double(number + 1) * 86_400))
    }
}

/// How much of an account's daily cap is used up. The store counts too, in the commit that lets a message begin; this is
/// the copy that the next decision looks at.
struct DailyCap: Sendable {
    let limit: Int
    /// By the number of the day: whoever sets the clock back over midnight comes back to a day that knows what it has
    /// used. A small number a day is all that is ever kept.
    private var used: [Int: Int] = [:]
    /// The day of the last charge.
    private var last = 0

    init(limit: Int) { self.limit = limit }

    /// What earlier processes charged to the day of that number.
    mutating func restore(_ units: Int, on day: Int) { used[day] = units }

    func isUsedUp(on day: HouseDay) -> Bool { left(on: day) == 0 }

    func left(on day: HouseDay) -> Int { max(0, limit - used[day.number, default: 0]) }

    /// Whether as much may still be charged. The first of a day may, whatever it costs: it would never leave otherwise.
    func fits(_ units: Int, on day: HouseDay) -> Bool { units <= left(on: day) || used[day.number, default: 0] == 0 }

    /// What is left is of no use any more.
    mutating func close(_ day: HouseDay) { used[day.number] = max(limit, used[day.number, default: 0]) }

    mutating func charge(_ units: Int, on day: HouseDay) {
        last = day.number
        used[day.number, default: 0] += units
    }

    /// Of what was charged last: in the same turn, so on the same day.
    mutating func giveBack(_ units: Int) { used[last] = max(0, used[last, default: 0] - units) }
}
