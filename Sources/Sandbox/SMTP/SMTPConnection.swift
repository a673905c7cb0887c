import NIOCore
import NIOSSL

/// Cuts the bytes of one connection into lines, gives them to the dialogue and does what it says.
/// Lives on its event loop and is touched nowhere else.
final class SMTPConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Without a line break in this many bytes nobody speaks SMTP with us.
    private static let longestLine = 1 << 20

    private let surroundings: SMTPSurroundings
    private let tls: NIOSSLContext
    private let hasRoom: Bool
    private var dialogue: SMTPDialogue
    private var buffer = ByteBuffer()
    /// Bytes already searched for a line break: a long line must not be searched again with each packet.
    private var searched = 0
    private var isOver = false
    /// While a delayed reply waits, later lines wait too: replies keep the order of commands.
    private var isWaiting = false

    init(_ surroundings: SMTPSurroundings, tls: NIOSSLContext, hasRoom: Bool) {
        self.surroundings = surroundings
        self.tls = tls
        self.hasRoom = hasRoom
        dialogue = SMTPDialogue(surroundings)
    }

    func channelActive(context: ChannelHandlerContext) {
        if !hasRoom {
            perform(.end("421 4.3.2 Too many connections"), context)
        } else if surroundings.strikes(.refuse) {
            perform(.end("421 4.3.2 Service not available"), context)
        } else {
            perform(.reply(SMTPDialogue.greeting), context)
        }
        context.flush()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        var incoming = unwrapInboundIn(data)
        buffer.writeBuffer(&incoming)
        readLines(context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        buffer.discardReadBytes()
        context.flush()
    }

    private func readLines(_ context: ChannelHandlerContext) {
        while !isOver, !isWaiting {
            let view = buffer.readableBytesView
            guard let end = view[view.index(view.startIndex, offsetBy: searched)...].firstIndex(of: 10) else {
                searched = view.count
                if searched > Self.longestLine { perform(.end("500 5.5.2 Line too long"), context) }
                return
            }
            let line = view[view.startIndex..<end]
            buffer.moveReaderIndex(forwardBy: line.count + 1)
            searched = 0
            // Exactly one CR, and only at the end.
            let isClean = line.last == 13 && line.firstIndex(of: 13) == line.index(before: line.endIndex)
            perform(isClean ? dialogue.take(line.dropLast()) : dialogue.takeBareLineBreak(), context)
        }
    }

    private func perform(_ step: SMTPDialogue.Step, _ context: ChannelHandlerContext) {
        let delay = surroundings.delay
        guard delay > 0, step != .nothing else { return performNow(step, context) }
        isWaiting = true
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let boundContext = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(Int64(delay))) {
            guard boundContext.value.channel.isActive else { return }
            bound.value.isWaiting = false
            bound.value.performNow(step, boundContext.value)
            bound.value.readLines(boundContext.value)
            boundContext.value.flush()
        }
    }

    private func performNow(_ step: SMTPDialogue.Step, _ context: ChannelHandlerContext) {
        switch step {
        case .nothing: return
        case .reply(let reply): say(reply, context)
        case .end(let reply):
            isOver = true
            let channel = context.channel
            say(reply, context, promise: nil)
            context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
        case .beginTLS(let reply): beginTLS(reply, context)
        case .cut:
            isOver = true
            context.close(promise: nil)
        case .fallSilent: isOver = true
        }
    }

    private func say(_ reply: String, _ context: ChannelHandlerContext, promise: EventLoopPromise<Void>? = nil) {
        context.write(wrapOutboundOut(ByteBuffer(string: reply + "\r\n")), promise: promise)
    }

    private func beginTLS(_ reply: String, _ context: ChannelHandlerContext) {
        // What came behind STARTTLS in plain text was put there by somebody in the middle (RFC 3207, section 6).
        buffer.clear()
        searched = 0
        say(reply, context)
        context.flush()
        dialogue.securedNow()
        do {
            try context.channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .first)
        } catch {
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            perform(.end("421 4.4.2 Idle for too long"), context)
            context.flush()
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A failed handshake or a reset: the peer has gone.
        context.close(promise: nil)
    }
}
