/// "Did you mean …": the known name closest to a mistyped one, if it is close enough to be meant. In a name of four
/// letters one slip is a typing error, in a longer one two. In one of two or three another first letter makes another word:
/// nobody who wrote `fax` meant `max`, but `sns` may be `sms`.
package func nearestName(to typed: String, among known: some Sequence<String>) -> String? {
    let typed = Array(typed.utf8)
    let close = known.compactMap { name -> (name: String, slips: Int)? in
        let bytes = Array(name.utf8)
        let slips = slips(typed, bytes)
        let shorter = min(typed.count, bytes.count)
        if shorter <= 3, typed.count == bytes.count, typed.first != bytes.first { return nil }
        return slips <= (shorter <= 4 ? 1 : 2) ? (name, slips) : nil
    }
    return close.min { ($0.slips, $0.name) < ($1.slips, $1.name) }?.name
}

/// Insertions, deletions, exchanges of bytes, and neighbours that changed places (Damerau, Levenshtein).
private func slips(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var before: [Int] = []
    var row = Array(0...other.count)
    for (i, a) in one.enumerated() {
        var next = [i + 1]
        for (j, b) in other.enumerated() {
            var best = min(row[j + 1] + 1, next[j] + 1, row[j] + (a == b ? 0 : 1))
            if i > 0, j > 0, a == other[j - 1], one[i - 1] == b { best = min(best, before[j - 1] + 1) }
            next.append(best)
        }
        (before, row) = (row, next)
    }
    return row[other.count]
}
