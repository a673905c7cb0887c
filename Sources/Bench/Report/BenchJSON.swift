/// The figures as one object: those asked for are always there, null where nothing was measured.
package struct BenchJSON: Encodable, Sendable {
    let figures: [Figure]
    let result: BenchResult

    package init(_ figures: [Figure], _ result: BenchResult) {
        self.figures = figures
        self.result = result
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ figure: Figure) { stringValue = figure.rawValue }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        for figure in figures {
            let value = result[figure].map { ($0 * 1000).rounded() / 1000 }
            try object.encode(value, forKey: Key(figure))
        }
    }
}
