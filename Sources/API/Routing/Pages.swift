import Intake

/// A long answer page by page: each is read when the one before was handed over, so who reads slowly holds no memory of
/// ours. Every page is of its own moment.
struct Pages<Cursor: Sendable>: AsyncSequence, Sendable {
    /// What comes next, and where the page after it begins; nil behind the last one.
    typealias Page = (bytes: [UInt8], next: Cursor?)

    let first: Page
    let read: @Sendable (Cursor) async throws(Problem) -> Page

    func makeAsyncIterator() -> Iterator { Iterator(waiting: first, cursor: first.next, read: read) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var waiting: Page?
        fileprivate var cursor: Cursor?
        fileprivate let read: @Sendable (Cursor) async throws(Problem) -> Page

        mutating func next() async throws(Problem) -> [UInt8]? { try await next(isolation: nil) }

        mutating func next(isolation _: isolated (any Actor)?) async throws(Problem) -> [UInt8]? {
            if let waiting {
                self.waiting = nil
                return waiting.bytes
            }
            guard let cursor else { return nil }
            let page = try await read(cursor)
            self.cursor = page.next
            return page.bytes
        }
    }
}
