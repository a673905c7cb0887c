import Domain
import Glibc

/// A mail's bytes that were looked through once: each line ends in CR LF, holds no NUL and is not too long. They are
/// copied once, into the output, with the dots at line starts doubled (RFC 5321 §4.5.2) and the final dot behind them.
struct SMTPContent: Equatable {
    private static let longestLine = 998
    private static let cr = UInt8(ascii: "\r"), lf = UInt8(ascii: "\n"), dot = UInt8(ascii: ".")

    let bytes: [UInt8]
    let isEightBit: Bool
    /// How many lines begin with a dot.
    private let dots: Int

    /// - Throws: `unrenderable` for a line end that is not CR LF, a NUL or a line over 998 bytes. A lone LF before a
    ///   dot would end the mail early at some servers and let its rest be read as commands.
    init(_ bytes: [UInt8]) throws(DeliveryFailure) {
        let survey = bytes.withUnsafeBufferPointer { SMTPSurvey($0) }
        guard !survey.holdsNUL, !survey.holdsBareEnd else { throw Self.broken("a line end is not CR LF") }
        guard survey.longestLine <= Self.longestLine else { throw Self.broken("a line is too long") }
        self.bytes = bytes
        isEightBit = survey.isEightBit
        dots = survey.dots
    }

    func append(to output: inout [UInt8]) {
        output.reserveCapacity(output.count + bytes.count + dots + 5)
        if dots == 0 { output += bytes } else { appendStuffed(to: &output) }
        if let last = bytes.last, last != Self.lf { output += [Self.cr, Self.lf] }
        output += [Self.dot, Self.cr, Self.lf]
    }

    private func appendStuffed(to output: inout [UInt8]) {
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: Self.lf).map { $0 + 1 } ?? bytes.count
            if bytes[start] == Self.dot { output.append(Self.dot) }
            output += bytes[start..<end]
            start = end
        }
    }

    private static func broken(_ what: String) -> DeliveryFailure {
        DeliveryFailure(.unrenderable, detail: "the mail cannot be sent as it is: " + what)
    }
}

/// What is to be known of a content before a byte of it is said.
private struct SMTPSurvey {
    private(set) var holdsNUL = false
    /// A CR or an LF stands without the other.
    private(set) var holdsBareEnd = false
    /// Lines that begin with one.
    private(set) var dots = 0
    /// Without its CR LF.
    private(set) var longestLine = 0
    private(set) var isEightBit = false

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        holdsNUL = bytes.first(0, in: 0..<bytes.count) != nil
        var all: UInt8 = 0
        for byte in bytes { all |= byte }
        isEightBit = all > 0x7F
        var start = 0
        while start < bytes.count {
            let feed = bytes.first(UInt8(ascii: "\n"), in: start..<bytes.count)
            let end = bytes.first(UInt8(ascii: "\r"), in: start..<(feed ?? bytes.count)) ?? feed ?? bytes.count
            // The first CR of a line stands right before its LF, or none of the two stands at all.
            if let feed, end != feed - 1 { holdsBareEnd = true }
            if feed == nil, end != bytes.count { holdsBareEnd = true }
            if bytes[start] == UInt8(ascii: ".") { dots += 1 }
            longestLine = max(longestLine, end - start)
            start = (feed ?? bytes.count) + 1
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Where the byte stands first within the range.
    fileprivate func first(_ byte: UInt8, in range: Range<Int>) -> Int? {
        guard let baseAddress, let found = memchr(baseAddress + range.lowerBound, Int32(byte), range.count) else {
            return nil
        }
        return UnsafeRawPointer(found) - UnsafeRawPointer(baseAddress)
    }
}
