import CCurl
import Domain

/// All requests of one account, on the thread of its loop. A turn costs what is new or finished in it, however many
/// others wait for their answers.
final class HTTPTransfers: LoopWork {
    /// An upload and a send are two; more than this is a provider that chains without end.
    private static let longestChain = 8

    private let multi: SocketMulti
    private let settings: AccountSettings
    private let concurrency: Int
    private var waiting = Waiting<HTTPWork>()
    /// As many as were ever under way at once; each keeps its handle and its memory.
    private var transfers: [HTTPTransfer] = []
    private var idle: [HTTPTransfer] = []
    private var outbox = Outbox()
    private var stopped = false

    /// - Parameter sockets: of the loop: it waits for our one descriptor there.
    init(_ settings: AccountSettings, _ sockets: LoopSockets) {
        self.settings = settings
        concurrency = max(1, settings.concurrency)
        multi = SocketMulti(connections: concurrency + 8)
        sockets.watch(multi.descriptor, as: 0)
    }

    /// Ours is another multi handle than the loop's.
    var needsLibcurl: Bool { false }
    func ended(_ handle: CurlHandle, _ code: CURLcode) {}

    func apply(_ command: HTTPCommand) {
        switch command {
        case .carry(let batch): for place in batch.submissions.indices { take(.submission(batch, place)) }
        case .begin(let call): take(.call(call))
        case .cancel(let id): cancel(id)
        }
    }

    private func take(_ work: HTTPWork) {
        if stopped { work.ended(.failure(.stopped), &outbox) } else { waiting.append(work) }
    }

    func ready(_ place: Int) { multi.serve() }

    func turn(at now: ContinuousClock.Instant) {
        settle()
        while beginWhatWaits() || multi.keepTime(at: .now) { settle() }
        outbox.flush()
    }

    func stop(at now: ContinuousClock.Instant) {
        stopped = true
        while let work = waiting.next() { work.ended(.failure(.stopped), &outbox) }
    }

    private var underWay: Int { transfers.count - idle.count }
    var isFinished: Bool { stopped && underWay == 0 }
    var wakeAt: ContinuousClock.Instant? { multi.due }

    func close() {
        for transfer in transfers { transfer.free() }
        (transfers, idle) = ([], [])
        multi.end()
    }

    // MARK: Beginning

    /// - Returns: whether anything began.
    private func beginWhatWaits() -> Bool {
        var any = false
        while underWay < concurrency, let work = waiting.next() {
            any = true
            do throws(DeliveryFailure) {
                send(work, try work.first(), link: 0)
            } catch {
                work.ended(.failure(error), &outbox)
            }
        }
        return any
    }

    private func send(_ work: HTTPWork, _ exchange: HTTPExchange, link: Int) {
        do throws(DeliveryFailure) {
            guard link < Self.longestChain else {
                throw DeliveryFailure(.misconfigured, detail: "the exchanges have no end")
            }
            let transfer = try idleTransfer()
            try transfer.prepare(work, exchange, link: link)
            guard multi.add(transfer.handle) else {
                transfer.rest()
                throw DeliveryFailure(.unreachable, detail: "libcurl took no request")
            }
            idle.removeLast()
        } catch {
            work.ended(.failure(error), &outbox)
        }
    }

    /// The last of the idle ones: what was used last is still warm.
    private func idleTransfer() throws(DeliveryFailure) -> HTTPTransfer {
        if let transfer = idle.last { return transfer }
        guard let handle = curl_easy_init() else {
            throw DeliveryFailure(.unreachable, detail: "no memory for a request")
        }
        let transfer = HTTPTransfer(handle, settings, multi)
        transfers.append(transfer)
        idle.append(transfer)
        return transfer
    }

    // MARK: Ending

    private func settle() {
        while let (handle, code) = multi.nextEnded() { end(handle, code) }
    }

    private func end(_ handle: CurlHandle, _ code: CURLcode) {
        multi.remove(handle)
        guard let transfer = HTTPTransfer.of(handle), let work = transfer.work else { return }
        let (link, delivers) = (transfer.link, transfer.delivers)
        let outcome = transfer.outcome(code)
        transfer.rest()
        idle.append(transfer)
        switch outcome {
        case .success(.done(let receipt)): work.ended(.success(receipt), &outbox)
        case .success(.next(let exchange)): send(work, exchange, link: link + 1)
        case .failure(let failure): work.ended(.failure(failure.forExchange(delivers: delivers)), &outbox)
        }
    }

    private func cancel(_ id: HTTPCall.ID) {
        if let work = waiting.remove(where: { $0.isCalled(id) }) { return work.ended(.failure(.stopped), &outbox) }
        guard let transfer = transfers.first(where: { $0.work?.isCalled(id) == true }), let work = transfer.work else {
            return
        }
        multi.remove(transfer.handle)
        let failure = DeliveryFailure(transfer.hasBegun ? .noAnswer : .unreachable, detail: "cancelled")
        let delivers = transfer.delivers
        transfer.giveUp()
        idle.append(transfer)
        work.ended(.failure(failure.forExchange(delivers: delivers)), &outbox)
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
