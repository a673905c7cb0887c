import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Bounds what one connection may take of us: a head must come within `head`, its body within `body`, and our own answer
/// must begin within `answer`; a head that is too large is refused with 431. The server itself has no deadline for a whole
/// request, and its idle time-out begins anew with each byte of a slow drip.
final class ConnectionClock: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct Limits: Sendable {
        var head = TimeAmount.seconds(20)
        var body = TimeAmount.seconds(30)
        /// For bodies that are read as they come.
        var longBody = TimeAmount.minutes(10)
        var answer = TimeAmount.seconds(60)
    }

    private enum Awaited { case head, body, answer, nothing }

    private let limits: Limits
    private let isLong: @Sendable (HTTPRequest) -> Bool
    private var awaited = Awaited.head
    private var answerBegan = false
    /// The answer said that the connection ends with it: what is left of a body that is too large is not read.
    private var endsWithAnswer = false
    private var timer: Scheduled<Void>?

    init(_ limits: Limits, isLong: @escaping @Sendable (HTTPRequest) -> Bool) {
        self.limits = limits
        self.isLong = isLong
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { expect(.head, within: limits.head, context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        expect(.head, within: limits.head, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answerBegan = false
            expect(.body, within: isLong(head) ? limits.longBody : limits.body, context)
        case .body: break
        case .end:
            // An answer may have come before the body ended.
            if answerBegan {
                expect(.head, within: limits.head, context)
            } else {
                expect(.answer, within: limits.answer, context)
            }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            answerBegan = true
            endsWithAnswer = head.headerFields[.connection] == "close"
            if awaited == .answer { expect(.nothing, within: .zero, context) }
        case .body: break
        case .end:
            if endsWithAnswer { return close(after: data, promise, context) }
            if awaited == .nothing { expect(.head, within: limits.head, context) }
        }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError, error == .headerOverflow, !answerBegan {
            return end(context, .requestHeaderFieldsTooLarge)
        }
        context.fireErrorCaught(error)
    }

    private func expect(_ what: Awaited, within time: TimeAmount, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        awaited = what
        if what == .nothing { return }
        let loop = context.eventLoop.assumeIsolatedUnsafeUnchecked()
        timer = loop.scheduleTask(in: time) { self.isOver(context) }
    }

    private func isOver(_ context: ChannelHandlerContext) {
        switch awaited {
        case .head, .body: answerBegan ? context.close(promise: nil) : end(context, .requestTimeout)
        case .answer: end(context, .serviceUnavailable)
        case .nothing: break
        }
    }

    /// An answer of our own in place of the handler's, and the end of the connection.
    private func end(_ context: ChannelHandlerContext, _ status: HTTPResponse.Status) {
        answerBegan = true
        awaited = .nothing
        let head = HTTPResponse(status: status, headerFields: [.connection: "close", .contentLength: "0"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        close(after: wrapOutboundOut(.end(nil)), nil, context)
    }

    private func close(after last: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        let closing = promise ?? context.eventLoop.makePromise(of: Void.self)
        closing.futureResult.assumeIsolatedUnsafeUnchecked().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(last, promise: closing)
    }
}
