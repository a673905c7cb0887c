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
    private var day: Int?
    private(set) var used = 0

    init(limit: Int) { self.limit = limit }

    /// What earlier processes charged to that day.
    mutating func restore(_ units: Int, on day: HouseDay) { (self.day, used) = (day.number, units) }

    func isUsedUp(on day: HouseDay) -> Bool { self.day == day.number && used >= limit }

    func left(on day: HouseDay) -> Int { self.day == day.number ? max(0, limit - used) : limit }

    mutating func charge(_ units: Int, on day: HouseDay) {
        // Only forward: a clock set back over midnight is no second allowance.
        if day.number > self.day ?? .min { (self.day, used) = (day.number, 0) }
        used += units
    }

    mutating func giveBack(_ units: Int) { used = max(0, used - units) }
}
