import CCurl
import Domain
import Glibc
import Synchronization

/// What a loop does on its thread: HTTP transfers or SMTP sessions. No member is ever called from another thread.
protocol LoopWork: AnyObject, SendableMetatype {
    associatedtype Command: Sendable
    func apply(_ command: Command)
    /// A transfer ended or a session stands. Who gets the handle decides whether it leaves the multi.
    func ended(_ handle: CurlHandle, _ code: CURLcode)
    /// After libcurl had its turn: time-outs, new beginnings, answers.
    func turn(at now: ContinuousClock.Instant)
    /// Sockets libcurl does not watch for us.
    var watched: [curl_waitfd] { get }
    func ready(_ sockets: [curl_waitfd])
    /// When `turn` must come again even if nothing happens.
    var wakeAt: ContinuousClock.Instant? { get }
    /// Begin nothing more.
    func stop(at now: ContinuousClock.Instant)
    var isFinished: Bool { get }
    /// Frees every handle; the multi is cleaned up next.
    func close()
}

/// One multi handle and one thread: one provider account. Not shared between accounts, because one slow name look-up
/// holds up a whole multi handle, and because libcurl reuses connections across TLS requirements (CVE-2026-4873).
///
/// Commands come from anywhere through the inbox; everything else happens on the thread. The thread starts with the
/// first command and ends after `stop()` or when the loop is forgotten.
final class CurlLoop<Work: LoopWork>: Sendable {
    typealias Making = @Sendable (Multi) -> Work
    private let inbox: LoopInbox<Work.Command>

    init(named name: String, _ make: @escaping Making) {
        inbox = LoopInbox { inbox in
            // The thread owns the inbox from here on; the loop itself may go away before it.
            startThread {
                curl_name_thread(name)
                runLoop(inbox, make)
            }
        }
    }

    deinit { inbox.stop(nil) }

    /// False when the loop has stopped: the command was not taken and nobody will answer it.
    func post(_ command: Work.Command) -> Bool { inbox.post(command) }

    /// Returns when the thread has closed its connections.
    func stop() async {
        await withCheckedContinuation { inbox.stop($0) }
    }
}

/// The multi handle as its loop's work sees it.
struct Multi {
    let pointer: UnsafeMutableRawPointer
    func add(_ handle: CurlHandle) -> Bool { curl_multi_add_handle(pointer, handle) == CURLM_OK }
    func remove(_ handle: CurlHandle) { curl_multi_remove_handle(pointer, handle) }
    func keepAtMost(_ connections: Int) { curl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, connections) }
}

/// The only thing other threads touch.
final class LoopInbox<Command: Sendable>: Sendable {
    private struct State {
        enum Phase { case asleep, running, ended }
        var phase = Phase.asleep
        var commands: [Command] = []
        var stopping = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        /// Set while the thread runs; used for `curl_multi_wakeup` only, under this lock, so it is never freed in use.
        nonisolated(unsafe) var multi: UnsafeMutableRawPointer?
    }
    private let state = Mutex(State())
    private let start: @Sendable (LoopInbox) -> Void

    init(start: @escaping @Sendable (LoopInbox) -> Void) { self.start = start }

    func post(_ command: Command) -> Bool {
        let (taken, first) = state.withLock { state -> (Bool, Bool) in
            guard !state.stopping, state.phase != .ended else { return (false, false) }
            state.commands.append(command)
            if state.commands.count == 1, let multi = state.multi { curl_multi_wakeup(multi) }
            defer { state.phase = .running }
            return (true, state.phase == .asleep)
        }
        if first { start(self) }
        return taken
    }

    func stop(_ waiter: CheckedContinuation<Void, Never>?) {
        let over = state.withLock { state in
            state.stopping = true
            guard state.phase == .running else {
                state.phase = .ended
                return true
            }
            if let waiter { state.waiters.append(waiter) }
            if let multi = state.multi { curl_multi_wakeup(multi) }
            return false
        }
        if over { waiter?.resume() }
    }

    fileprivate func opened(_ multi: UnsafeMutableRawPointer) {
        nonisolated(unsafe) let multi = multi
        state.withLock { $0.multi = multi }
    }

    fileprivate func take() -> (commands: [Command], stopping: Bool) {
        state.withLock { state in
            defer { state.commands = [] }
            return (state.commands, state.stopping)
        }
    }

    /// After this nothing can be posted; what was posted in the last moment is handed back to be answered.
    fileprivate func seal() -> [Command] {
        state.withLock { state in
            state.phase = .ended
            state.multi = nil
            defer { state.commands = [] }
            return state.commands
        }
    }

    fileprivate func release() {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

private func runLoop<Work: LoopWork>(_ inbox: LoopInbox<Work.Command>, _ make: CurlLoop<Work>.Making) {
    guard Curl.ready, let multi = curl_multi_init() else { preconditionFailure("libcurl has no memory to start") }
    inbox.opened(multi)
    let work = make(Multi(pointer: multi))
    var stopping = false
    repeat {
        let news = inbox.take()
        for command in news.commands { work.apply(command) }
        if news.stopping, !stopping {
            stopping = true
            work.stop(at: .now)
        }
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            work.ended(handle, curl_result(message))
        }
        work.turn(at: .now)
        if stopping, work.isFinished { break }
        var sockets = work.watched
        curl_multi_poll(multi, &sockets, UInt32(sockets.count), pause(until: work.wakeAt), nil)
        work.ready(sockets)
    } while true
    for command in inbox.seal() { work.apply(command) }
    work.turn(at: .now)
    work.close()
    curl_multi_cleanup(multi)
    inbox.release()
}

private func pause(until instant: ContinuousClock.Instant?) -> Int32 {
    guard let instant else { return 60_000 }
    // One more than the rest: to wake a moment too early would mean a turn for nothing.
    return Int32(clamping: max(0, min(60_000, (instant - .now).milliseconds + 1)))
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// A thread of its own, because libcurl blocks: the cooperative pool has one thread per core and needs them all.
private func startThread(_ run: @escaping @Sendable () -> Void) {
    let body = Unmanaged.passRetained(ThreadBody(run))
    var thread = pthread_t()
    let failure = pthread_create(
        &thread, nil,
        { raw in
            if let raw { Unmanaged<ThreadBody>.fromOpaque(raw).takeRetainedValue().run() }
            return nil
        }, body.toOpaque())
    precondition(failure == 0, "no thread could be started")
    pthread_detach(thread)
}
