/// What is said of several measurements of one thing.
package enum Statistics {
    /// Nil of nothing.
    package static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The distance between the least and the greatest, as a share of the median; 0 of a single one.
    package static func spread(_ values: [Double]) -> Double {
        guard let least = values.min(), let greatest = values.max(), let middle = median(values), middle > 0 else {
            return 0
        }
        return (greatest - least) / middle
    }

    /// The value that `share` of all do not exceed (nearest rank).
    package static func percentile(_ values: [Double], _ share: Double) -> Double? {
        guard !values.isEmpty else { return nil }
        let rank = Int((share * Double(values.count)).rounded(.up))
        return values.sorted()[min(max(rank, 1), values.count) - 1]
    }

    /// Above this share of the median the machine was too busy with others for a verdict.
    package static let tooNoisy = 0.30
}
