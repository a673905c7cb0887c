/// The text format of Prometheus, 0.0.4: families with their samples, names and labels as they are given.
package struct PrometheusText {
    package typealias Labels = [(name: String, value: String)]
    package private(set) var bytes: [UInt8] = []
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    package init() {}

    package enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    /// Opens a family; its samples follow.
    package mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        bytes += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n".utf8
    }

    package mutating func sample(_ name: String, _ labels: Labels, _ value: Int) {
        sample(name, labels, text: "\(value)")
    }

    package mutating func sample(_ name: String, _ labels: Labels, _ value: Double) {
        sample(name, labels, text: "\(value)")
    }

    /// Buckets are sums of all below them, as the format wants it.
    package mutating func histogram(_ name: String, _ labels: Labels, _ histogram: Histogram) {
        var below = 0
        for (bound, count) in zip(histogram.kind.bounds, histogram.buckets) {
            below += count
            sample(name + "_bucket", labels + [("le", "\(bound)")], below)
        }
        sample(name + "_bucket", labels + [("le", "+Inf")], histogram.count)
        sample(name + "_sum", labels, histogram.sum)
        sample(name + "_count", labels, histogram.count)
    }

    private mutating func sample(_ name: String, _ labels: Labels, text: String) {
        bytes += name.utf8
        for (place, label) in labels.enumerated() {
            bytes += (place == 0 ? "{" : ",").utf8
            bytes += "\(label.name)=\"".utf8
            quote(label.value)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes += (labels.isEmpty ? " " : "} ").utf8
        bytes += text.utf8
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func quote(_ value: String) {
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "\""): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            default: bytes.append(byte)
            }
        }
    }
}
