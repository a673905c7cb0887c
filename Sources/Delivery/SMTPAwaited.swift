/// The replies that are still to come, in their order: at most those of a content or a lone dot, a RSET and an envelope.
struct SMTPAwaited: Equatable {
    enum Reply: UInt64 { case reset, mail, recipient, data, content, lonelyDot, quit }

    /// Four bits each, the next one lowest: an array would be allocated anew for each mail.
    private var packed: UInt64 = 0
    private var count: UInt64 = 0

    var isEmpty: Bool { count == 0 }
    var first: Reply? { isEmpty ? nil : Reply(rawValue: packed & 15) }
    func isOnly(_ reply: Reply) -> Bool { count == 1 && first == reply }

    mutating func append(_ reply: Reply) {
        precondition(count < 16, "more commands are out than a dialogue has")
        packed |= reply.rawValue << (4 * count)
        count += 1
    }

    mutating func removeFirst() {
        precondition(!isEmpty, "no reply was awaited")
        packed >>= 4
        count -= 1
    }
}
