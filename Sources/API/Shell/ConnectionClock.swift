import HTTPTypes
import Intake
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

    private enum Awaited { case head, body, answer, nothing }

    private let limits: ConnectionLimits
    private let farewell: Farewell
    private let isLong: @Sendable (HTTPRequest) -> Bool
    private var awaited = Awaited.head
    private var answerBegan = false
    /// The answer said that the connection ends with it: what is left of a body that is too large is not read.
    private var endsWithAnswer = false
    /// The parser reads nothing behind a request that offers another protocol: the connection ends with its answer.
    private var offersUpgrade = false
    /// We have said the last word ourselves: what the handler says after it belongs to no request.
    private var hasEnded = false
    private var timer: Scheduled<Void>?

    init(_ limits: ConnectionLimits, _ farewell: Farewell, isLong: @escaping @Sendable (HTTPRequest) -> Bool) {
        self.limits = limits
        self.farewell = farewell
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
            // A client that asks first waits, curl for a whole second. Behind a request that is still being answered it
            // goes on waiting: this word would stand in the middle of that answer.
            if awaited == .head, head.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
            answerBegan = false
            offersUpgrade = head.headerFields[.upgrade] != nil || head.method == .connect
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
        if hasEnded {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        var data = data
        switch unwrapOutboundIn(data) {
        case .head(var head):
            answerBegan = true
            if offersUpgrade {
                head.headerFields[.connection] = "close"
                data = wrapOutboundOut(.head(head))
            }
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
        if let error = error as? HTTPParserError, error == .headerOverflow, awaited == .head {
            return end(context, .headTooLarge)
        }
        context.fireErrorCaught(error)
    }

    private func expect(_ what: Awaited, within time: Duration, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        awaited = what
        if what == .nothing { return }
        let loop = context.eventLoop.assumeIsolatedUnsafeUnchecked()
        timer = loop.scheduleTask(in: TimeAmount(time)) { self.isOver(context) }
    }

    private func isOver(_ context: ChannelHandlerContext) {
        switch awaited {
        case .head, .body: answerBegan ? context.close(promise: nil) : end(context, .tooSlow)
        case .answer: end(context, .noAnswerInTime)
        case .nothing: break
        }
    }

    /// An answer of our own in place of the handler's, and the end of the connection.
    private func end(_ context: ChannelHandlerContext, _ problem: Problem) {
        hasEnded = true
        awaited = .nothing
        let (head, body) = farewell(problem)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        close(after: wrapOutboundOut(.end(nil)), nil, context)
    }

    private func close(after last: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        let closing = promise ?? context.eventLoop.makePromise(of: Void.self)
        closing.futureResult.assumeIsolatedUnsafeUnchecked().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(last, promise: closing)
    }
}
