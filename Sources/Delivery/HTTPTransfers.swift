import CCurl
import Domain

/// One message's conversation: where it begins and who hears how it ended.
struct HTTPCall: Sendable {
    typealias ID = UInt64
    let id: ID
    let first: @Sendable () throws(DeliveryFailure) -> HTTPExchange
    /// Called on the loop's thread, exactly once. What it returns is flushed at the end of the turn.
    let ended: @Sendable (Result<Receipt, DeliveryFailure>, inout Outbox) -> Void
}

enum HTTPCommand: Sendable {
    case begin(HTTPCall)
    case cancel(HTTPCall.ID)
}

/// All requests of one account, on the thread of its loop.
final class HTTPTransfers: LoopWork {
    /// An upload and a send are two; more than this is a provider that chains without end.
    private static let longestChain = 8

    private let multi: Multi
    private let settings: AccountSettings
    private var waiting = Waiting<HTTPCall>()
    private var running: [CurlHandle: HTTPTransfer] = [:]
    private var pool: [CurlHandle] = []
    private var outbox = Outbox()
    private var stopped = false

    init(_ multi: Multi, _ settings: AccountSettings) {
        self.multi = multi
        self.settings = settings
        multi.keepAtMost(settings.concurrency + 8)
    }

    func apply(_ command: HTTPCommand) {
        switch command {
        case .begin(let call) where stopped: call.ended(.failure(.stopped), &outbox)
        case .begin(let call): waiting.append(call)
        case .cancel(let id): cancel(id)
        }
    }

    func turn(at now: ContinuousClock.Instant) {
        while running.count < max(1, settings.concurrency), let call = waiting.next() { begin(call) }
        outbox.flush()
    }

    func stop(at now: ContinuousClock.Instant) {
        stopped = true
        while let call = waiting.next() { call.ended(.failure(.stopped), &outbox) }
    }

    var isFinished: Bool { stopped && running.isEmpty }
    var watched: [curl_waitfd] { [] }
    func ready(_ sockets: [curl_waitfd]) {}
    var wakeAt: ContinuousClock.Instant? { nil }

    func close() {
        for handle in pool { curl_easy_cleanup(handle) }
        pool = []
    }

    func ended(_ handle: CurlHandle, _ code: CURLcode) {
        guard let transfer = leave(handle) else { return }
        let end = transfer.end(handle, code)
        pool.append(handle)
        let step = read(transfer, end)
        switch step {
        case .success(.done(let receipt)): transfer.call.ended(.success(receipt), &outbox)
        case .success(.next(let exchange)): send(transfer.call, exchange, link: transfer.link + 1)
        case .failure(let failure):
            transfer.call.ended(.failure(failure.forExchange(delivers: transfer.exchange.delivers)), &outbox)
        }
    }

    private func read(_ transfer: HTTPTransfer, _ end: HTTPTransferEnd) -> Result<HTTPStep, DeliveryFailure> {
        if let failure = end.failure { return .failure(failure) }
        do throws(DeliveryFailure) {
            return .success(try transfer.exchange.read(transfer.response(end)))
        } catch {
            return .failure(error)
        }
    }

    private func begin(_ call: HTTPCall) {
        do throws(DeliveryFailure) {
            send(call, try call.first(), link: 0)
        } catch {
            call.ended(.failure(error), &outbox)
        }
    }

    private func send(_ call: HTTPCall, _ exchange: HTTPExchange, link: Int) {
        guard link < Self.longestChain else {
            return call.ended(.failure(DeliveryFailure(.misconfigured, detail: "the exchanges have no end")), &outbox)
        }
        guard let handle = pool.popLast() ?? curl_easy_init() else {
            return call.ended(.failure(DeliveryFailure(.unreachable, detail: "no memory for a request")), &outbox)
        }
        let transfer = HTTPTransfer(call, exchange, link: link)
        do throws(DeliveryFailure) {
            try transfer.prepare(handle, settings)
            running[handle] = transfer
            guard multi.add(handle) else { throw DeliveryFailure(.unreachable, detail: "libcurl took no request") }
        } catch {
            running[handle] = nil
            pool.append(handle)
            call.ended(.failure(error), &outbox)
        }
    }

    private func leave(_ handle: CurlHandle) -> HTTPTransfer? {
        multi.remove(handle)
        return running.removeValue(forKey: handle)
    }

    private func cancel(_ id: HTTPCall.ID) {
        if let call = waiting.remove(where: { $0.id == id }) { return call.ended(.failure(.stopped), &outbox) }
        guard let handle = running.first(where: { $0.value.call.id == id })?.key, let transfer = leave(handle) else {
            return
        }
        pool.append(handle)
        let failure = DeliveryFailure(transfer.requestsBegun == 0 ? .unreachable : .noAnswer, detail: "cancelled")
        transfer.call.ended(.failure(failure.forExchange(delivers: transfer.exchange.delivers)), &outbox)
    }
}

/// First come, first served.
struct Waiting<Element> {
    private var elements: [Element] = []
    private var head = 0

    var count: Int { elements.count - head }
    mutating func append(_ element: Element) { elements.append(element) }
    /// Back to the front: it has waited before.
    mutating func giveBack(_ element: Element) {
        elements.replaceSubrange(..<head, with: CollectionOfOne(element))
        head = 0
    }
    mutating func next() -> Element? {
        guard head < elements.count else { return nil }
        defer {
            head += 1
            if head == elements.count || head > 1024 {
                elements.removeFirst(head)
                head = 0
            }
        }
        return elements[head]
    }
    mutating func remove(where matches: (Element) -> Bool) -> Element? {
        guard let index = elements[head...].firstIndex(where: matches) else { return nil }
        return elements.remove(at: index)
    }
}
