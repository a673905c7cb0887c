import Foundation

/// A page of docs/ that is also a specification: its Markdown tables as rows of trimmed cells.
struct SpecificationPage {
    let text: String

    init(_ name: String) {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/\(name)")
        text = (try? String(contentsOf: page.standardized, encoding: .utf8)) ?? ""
    }

    /// The table below the heading; its first row holds the names of the columns.
    func table(under heading: String) -> [[String]] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { $0 == "## " + heading }) else { return [] }
        return lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }
            .filter { $0.hasPrefix("|") && !$0.hasPrefix("|--") }
            .map { line in
                line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                    .map { $0.trimmingCharacters(in: .whitespaces) }
            }
    }
}
