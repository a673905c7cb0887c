import Domain

/// The rates as bars, in an SVG that needs nothing but itself. The scale is logarithmic: between Python and libcurl lie
/// two orders of magnitude.
package enum Chart {
    private static let left = 300.0, width = 520.0, row = 30.0, top = 56.0
    private static let least = 100.0, greatest = 200_000.0

    /// - Parameter machine: one line about where and when.
    package static func svg(_ result: BenchResult, machine: String) -> String {
        let bars = Contestant.allCases.compactMap { who in
            result.series[who]?.perSecond.map { (who: who, rate: $0) }
        }
        let height = top + Double(bars.count) * row + 48
        var lines = [
            #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 \#(Int(height))" font-family="sans-serif" font-size="14">"#,
            #"<rect width="100%" height="100%" fill="white"/>"#,
            #"<text x="16" y="28" font-size="18" font-weight="600">Messages a second, durable queue to loopback sink</text>"#,
        ]
        for (place, bar) in bars.enumerated() { lines += rows(bar.who, bar.rate, top + Double(place) * row) }
        lines += scale(height)
        lines.append(#"<text x="16" y="\#(Int(height - 8))" font-size="12" fill="dimgray">\#(escaped(machine))</text>"#)
        lines.append("</svg>")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func rows(_ who: Contestant, _ rate: Double, _ y: Double) -> [String] {
        let length = position(rate) - left
        let colour = who.isOurs ? "seagreen" : "darkgray"
        return [
            #"<text x="\#(left - 10)" y="\#(y + 16)" text-anchor="end">\#(escaped(who.words.en))</text>"#,
            #"<rect x="\#(left)" y="\#(y)" width="\#(rounded(length))" height="22" rx="3" fill="\#(colour)"/>"#,
            #"<text x="\#(rounded(left + length + 8))" y="\#(y + 16)">\#(Figure.shown(rate))</text>"#,
        ]
    }

    private static func scale(_ height: Double) -> [String] {
        [100.0, 1000, 10_000, 100_000].flatMap { mark in
            let x = rounded(position(mark))
            return [
                #"<line x1="\#(x)" y1="\#(top - 8)" x2="\#(x)" y2="\#(height - 40)" stroke="silver" stroke-dasharray="2 3"/>"#,
                #"<text x="\#(x)" y="\#(height - 26)" font-size="12" fill="dimgray" text-anchor="middle">\#(Int(mark))</text>"#,
            ]
        }
    }

    /// Logarithm by halves: no library for four marks on a line.
    private static func position(_ rate: Double) -> Double {
        let share = log2(min(max(rate, least), greatest) / least) / log2(greatest / least)
        return left + share * width
    }

    private static func log2(_ value: Double) -> Double {
        let exponent = Double(value.exponent)
        var (rest, part, sum) = (value.significand, 0.5, 0.0)
        for _ in 0..<20 {
            rest *= rest
            if rest >= 2 {
                rest /= 2
                sum += part
            }
            part /= 2
        }
        return exponent + sum
    }

    private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }
}
