/// "Did you mean …": the known name closest to a mistyped one, if any is close enough to be meant.
package func nearestName(to typed: String, among known: some Sequence<String>) -> String? {
    let candidates = known.map { (name: $0, distance: distance(Array(typed.utf8), Array($0.utf8))) }
    guard let best = candidates.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return nil }
    return best.distance <= max(2, typed.utf8.count / 3) ? best.name : nil
}

/// Levenshtein's distance: insertions, deletions and exchanges of bytes.
private func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var row = Array(0...other.count)
    for (i, a) in one.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, b) in other.enumerated() {
            let above = row[j + 1]
            row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
            diagonal = above
        }
    }
    return row[other.count]
}
