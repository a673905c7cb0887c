/// Columns of text, as wide as their widest cell.
struct Table {
    private let header: [String]
    private var rows: [[String]] = []

    init(_ header: String...) { self.header = header }

    mutating func add(_ cells: String...) { rows.append(cells) }
    var isEmpty: Bool { rows.isEmpty }

    func render() -> String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { Self.width($0[column]) }.max() ?? 0 }
        return all.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - Self.width(cell))
            }
            var line = cells.joined(separator: "  ")
            while line.utf8.last == UInt8(ascii: " ") { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    /// Cyrillic and Latin letters take one cell each; nothing wider stands in our tables.
    private static func width(_ text: String) -> Int { text.count }
}
