import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A delivery report on its way to whoever sent the message.
struct DeliveryReport: Sendable {
    let target: Loopback.Target
    /// nil: a GET. Otherwise the body of a form POST.
    var form: String?
    let userAgent: String
}

/// Carries delivery reports: one request each, never repeated. A lost report stays lost, as with the originals.
final class ReportCourier: Sendable {
    private static let atOnce = 16
    private static let patience = TimeAmount.seconds(5)

    private let delay: Duration
    private let intake: AsyncStream<(due: ContinuousClock.Instant, report: DeliveryReport)>.Continuation
    private let queue: Mutex<AsyncStream<(due: ContinuousClock.Instant, report: DeliveryReport)>?>
    private let work = Mutex<Task<Void, Never>?>(nil)

    init(delay: Duration) {
        self.delay = delay
        let (stream, continuation) = AsyncStream<(due: ContinuousClock.Instant, report: DeliveryReport)>.makeStream()
        intake = continuation
        queue = Mutex(stream)
    }

    func take(_ report: DeliveryReport) { intake.yield((.now.advanced(by: delay), report)) }

    func start() {
        guard let stream = queue.withLock({ $0.take() }) else { return }
        // Awaited by stop().
        let task = Task { await Self.deliver(stream) }
        work.withLock { $0 = task }
    }

    func stop() async {
        intake.finish()
        let task = work.withLock { $0.take() }
        task?.cancel()
        await task?.value
    }

    private static func deliver(_ stream: AsyncStream<(due: ContinuousClock.Instant, report: DeliveryReport)>) async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await (due, report) in stream {
                try? await Task.sleep(until: due)
                if Task.isCancelled { break }
                if running >= atOnce {
                    await group.next()
                    running -= 1
                }
                running += 1
                group.addTask { await carry(report) }
            }
            group.cancelAll()
        }
    }

    private static func carry(_ report: DeliveryReport) async {
        let channel = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(patience)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FirstAnswer())
                }
            }
            .connect(host: report.target.host, port: report.target.port).get()
        guard let channel else { return }
        let deadline = channel.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
        await withTaskCancellationHandler {
            try? await channel.writeAndFlush(ByteBuffer(string: request(report)))
            try? await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
        deadline.cancel()
    }

    private static func request(_ report: DeliveryReport) -> String {
        let head = """
            \(report.form == nil ? "GET" : "POST") \(report.target.path) HTTP/1.1\r
            Host: \(report.target.host):\(report.target.port)\r
            User-Agent: \(report.userAgent)\r
            Connection: close\r

            """
        guard let form = report.form else { return head + "\r\n" }
        return head
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(form.utf8.count)\r\n\r\n\(form)"
    }

    /// Whatever the answer is, it is the end: nothing is done with it.
    private final class FirstAnswer: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.close(promise: nil) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
