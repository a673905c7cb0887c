import Delivery
package import Domain
import Synchronization

/// What a person asks of the running worker.
package enum Order: Sendable, Hashable {
    case pause(ProviderID)
    case resume(ProviderID)
    /// Nothing leaves by any account until `release`; what is on the wire comes to its end.
    case hold
    case release
}

/// What reaches the engine from other threads between two turns: answers of the accounts, findings, orders. It is all
/// taken in one batch a turn.
package final class Mailbox: Sendable {
    private struct Contents {
        var answers: [(Answer, token: Int64)] = []
        var findings: [(Finding, attempt: Int)] = []
        var orders: [Order] = []
    }
    private let contents = Mutex(Contents())
    private let wakeup: Wakeup

    package init(_ wakeup: Wakeup) { self.wakeup = wakeup }

    func put(_ answers: [(Answer, token: Int64)]) {
        contents.withLock { $0.answers += answers }
        wakeup.set()
    }

    func put(_ findings: [(Finding, attempt: Int)]) {
        contents.withLock { $0.findings += findings }
        wakeup.set()
    }

    package func put(_ order: Order) {
        contents.withLock { $0.orders.append(order) }
        wakeup.set()
    }

    func takeAnswers() -> [(Answer, token: Int64)] { contents.withLock { Self.empty(&$0.answers) } }
    func takeFindings() -> [(Finding, attempt: Int)] { contents.withLock { Self.empty(&$0.findings) } }
    func takeOrders() -> [Order] { contents.withLock { Self.empty(&$0.orders) } }

    private static func empty<Item>(_ list: inout [Item]) -> [Item] {
        defer { list = [] }
        return list
    }

    var answered: Int { contents.withLock { $0.answers.count } }
    var isEmpty: Bool { contents.withLock { $0.answers.isEmpty && $0.findings.isEmpty } }
}
