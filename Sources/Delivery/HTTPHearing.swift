/// What came back so far, in memory that the next reply uses again.
struct HTTPHearing {
    /// More than this is not kept for the next reply; bytes.
    private static let keptRoom = 4096

    private let largest: Int
    /// The header lines of the last status line.
    private(set) var head: [UInt8] = []
    private(set) var body: [UInt8] = []
    private(set) var headersComplete = false
    /// More than we are ready to read came.
    private(set) var oversized = false
    private var headerBytes = 0
    private var status = 0

    init(largest: Int) { self.largest = largest }

    mutating func begin() {
        Self.empty(&head)
        Self.empty(&body)
        (headersComplete, oversized, headerBytes, status) = (false, false, 0, 0)
    }

    private static func empty(_ bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: bytes.capacity <= keptRoom)
    }

    /// One header line. A status line begins a new set: after `100 Continue` comes another.
    mutating func hear(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int {
        guard let bytes, !headersComplete else { return size }
        headerBytes += size
        guard headerBytes <= largest else { return refuseMore() }
        let line = UnsafeRawBufferPointer(start: bytes, count: size)
        if line.starts(with: Self.protocolName) {
            head.removeAll(keepingCapacity: true)
            status = Self.status(in: line)
        } else if line.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) {
            headersComplete = status >= 200
        } else {
            head.append(contentsOf: line)
        }
        return size
    }

    private static let protocolName = "HTTP/".utf8

    /// `HTTP/1.1 200 OK`; 0 for what is no number.
    private static func status(in line: UnsafeRawBufferPointer) -> Int {
        guard let space = line.firstIndex(of: 0x20) else { return 0 }
        let digits = line[line.index(after: space)...].drop { $0 == 0x20 }.prefix { $0 != 0x20 }.prefix(3)
        return Int(String(decoding: digits, as: UTF8.self)) ?? 0
    }

    mutating func read(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int {
        guard body.count + size <= largest else { return refuseMore() }
        body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: size))
        return size
    }

    private mutating func refuseMore() -> Int {
        oversized = true
        return 0
    }
}
