import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The connection is part of the context: a counter must be able to drop it in the middle.
struct WireContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// The request was answered by dropping the connection; Hummingbird's own answer finds nobody.
struct ConnectionDropped: Error {}

/// Takes a visit from the wire to the inbox and back: read → trouble → keep → report → answer.
struct Counters: Sendable {
    let inbox: Inbox
    let dice: ChaosDice
    let courier: ReportCourier
    let settings: SandboxSettings
    /// Told on the page, to people who look where to send mail.
    let smtpPort: Int

    /// A whole request must be here in this time: an idle time-out alone is reset by every byte.
    private static let requestDeadline = TimeAmount.seconds(30)
    /// How long a silent connection is kept.
    private static let silence = TimeAmount.minutes(10)

    func serve(_ request: Request, _ context: WireContext, at counter: some HTTPCounter) async throws -> Response {
        if dice.strikes(.refuse, counter.group) { return try await drop(context) }
        guard let visit = try await visit(request, context, limit: counter.limit) else {
            return Response(status: .contentTooLarge)
        }
        var reading = counter.read(visit)
        // A request that makes no sense gets its answer whatever the weather.
        let fault =
            reading.messages.isEmpty
            ? nil : reading.fault ?? dice.first(of: [.throttle, .fail, .silence, .cut], counter.group)
        let chaos = dice.chaos
        switch fault {
        case .throttle: reading.reply = counter.trouble(429, retryAfter: chaos.retryAfter)
        case .fail: reading.reply = counter.trouble(500, retryAfter: chaos.retryAfter)
        case .refuse, .silence, .cut, nil: break
        }
        try keep(reading, visit, fault)
        if reading.reply.accepts, fault?.arrived != false { send(reading.reports) }
        if chaos.delay > 0 { try await Task.sleep(for: .milliseconds(chaos.delay)) }
        switch fault {
        case .silence: return try await fallSilent(context)
        case .cut: return try await drop(context)
        case .refuse, .throttle, .fail, nil: return response(reading.reply)
        }
    }

    private func keep(_ reading: Reading, _ visit: Visit, _ fault: Fault?) throws {
        let isAnswered = fault != .silence && fault != .cut
        for var message in reading.messages {
            message.arrived = message.arrived && reading.reply.accepts && fault?.arrived != false
            message.answer = isAnswered ? reading.reply.summary : "—"
            if message.headers.isEmpty { message.headers = visit.shownHeaders }
            if message.raw.isEmpty { message.raw = visit.body.isEmpty ? Array(visit.rawQuery.utf8) : visit.body }
            try inbox.capture(message)
        }
    }

    private func send(_ reports: [DeliveryReport]) {
        for report in reports {
            let copies = dice.reportCopies()
            for _ in 0..<copies { courier.take(report) }
        }
    }

    private func response(_ reply: Reply) -> Response {
        var fields: HTTPFields = [.contentType: reply.type]
        if let seconds = reply.retryAfter { fields[.retryAfter] = String(seconds) }
        return Response(
            status: .init(code: reply.status), headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: reply.body)))
    }

    // MARK: The connection

    /// nil when the body is larger than allowed.
    func visit(_ request: Request, _ context: WireContext, limit: Int) async throws -> Visit? {
        let channel = context.channel
        let deadline = channel.eventLoop.scheduleTask(in: Self.requestDeadline) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        var body: [UInt8] = []
        for try await part in request.body {
            guard body.count + part.readableBytes <= limit else { return nil }
            body.append(contentsOf: part.readableBytesView)
        }
        let target = request.head.path ?? "/"
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return Visit(
            method: request.method, path: String(halves[0]), rawQuery: halves.count > 1 ? String(halves[1]) : "",
            fields: request.headers, body: body, at: settings.now(), port: channel.localAddress?.port ?? 0)
    }

    private func drop(_ context: WireContext) async throws -> Response {
        try? await context.channel.close()
        throw ConnectionDropped()
    }

    /// Until the peer loses patience, the time is over or the sandbox stops.
    private func fallSilent(_ context: WireContext) async throws -> Response {
        let channel = context.channel
        let (open, end) = AsyncStream<Never>.makeStream()
        channel.closeFuture.whenComplete { _ in end.finish() }
        let deadline = channel.eventLoop.scheduleTask(in: Self.silence) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        try? await channel.pipeline.addHandler(LeaveWithPeer())
        for await _ in open {}
        throw ConnectionDropped()
    }

    /// Half-closed connections are allowed by the server, so a peer that left would not be noticed.
    private final class LeaveWithPeer: ChannelInboundHandler, Sendable {
        typealias InboundIn = NIOAny
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
            context.fireUserInboundEventTriggered(event)
        }
    }
}
