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
    /// One of the sockets that it watches itself.
    func ready(_ place: Int)
    /// Whether libcurl has something under way. If not, it is not asked: it would look at each of its handles.
    var needsLibcurl: Bool { get }
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
        let sockets = LoopSockets()
        inbox = LoopInbox(sockets) { inbox in
            // The thread owns the inbox from here on; the loop itself may go away before it.
            startThread {
                curl_name_thread(name)
                runLoop(inbox, sockets, make)
            }
        }
    }

    deinit { inbox.stop(nil) }

    /// False when the loop has stopped: the command was not taken and nobody will answer it.
    func post(_ command: Work.Command) -> Bool { inbox.post(CollectionOfOne(command)) }

    /// All of them or none.
    func post(all commands: [Work.Command]) -> Bool { inbox.post(commands) }

    /// Returns when the thread has closed its connections.
    func stop() async {
        await withCheckedContinuation { inbox.stop($0) }
    }
}

/// The multi handle as its loop's work sees it.
struct Multi {
    let pointer: UnsafeMutableRawPointer
    /// For work that waits for sockets of its own.
    let sockets: LoopSockets
    func add(_ handle: CurlHandle) -> Bool { curl_multi_add_handle(pointer, handle) == CURLM_OK }
    func remove(_ handle: CurlHandle) { curl_multi_remove_handle(pointer, handle) }
    func keepAtMost(_ connections: Int) { curl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, connections) }
}

/// The only thing other threads touch.
final class LoopInbox<Command: Sendable>: Sendable {
    private struct State {
        enum Phase { case unused, running, ended }
        var phase = Phase.unused
        var commands: [Command] = []
        var stopping = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        /// Set while the thread waits, or is about to: only then is it worth ringing.
        var isAsleep = false
    }
    private let state = Mutex(State())
    private let sockets: LoopSockets
    private let start: @Sendable (LoopInbox) -> Void

    init(_ sockets: LoopSockets, start: @escaping @Sendable (LoopInbox) -> Void) {
        self.sockets = sockets
        self.start = start
    }

    func post(_ commands: some Collection<Command>) -> Bool {
        let (taken, first, asleep) = state.withLock { state -> (Bool, Bool, Bool) in
            guard !state.stopping, state.phase != .ended else { return (false, false, false) }
            state.commands.append(contentsOf: commands)
            defer { (state.phase, state.isAsleep) = (.running, false) }
            return (true, state.phase == .unused, state.isAsleep)
        }
        if first { start(self) }
        if asleep { sockets.ring() }
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
            state.isAsleep = false
            return false
        }
        if over { waiter?.resume() } else { sockets.ring() }
    }

    fileprivate func take() -> (commands: [Command], stopping: Bool) {
        state.withLock { state in
            state.isAsleep = false
            defer { state.commands = [] }
            return (state.commands, state.stopping)
        }
    }

    /// - Parameter stopping: what the thread knows of it.
    /// - Returns: false if there is news already; otherwise who brings some rings from now on.
    fileprivate func mayWait(stopping: Bool) -> Bool {
        state.withLock { state in
            state.isAsleep = state.commands.isEmpty && state.stopping == stopping
            return state.isAsleep
        }
    }

    /// After this nothing can be posted; what was posted in the last moment is handed back to be answered.
    fileprivate func seal() -> [Command] {
        state.withLock { state in
            state.phase = .ended
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

private func runLoop<Work: LoopWork>(
    _ inbox: LoopInbox<Work.Command>, _ sockets: LoopSockets, _ make: CurlLoop<Work>.Making
) {
    guard Curl.ready, let multi = curl_multi_init() else { preconditionFailure("libcurl has no memory to start") }
    let work = make(Multi(pointer: multi, sockets: sockets))
    var stopping = false
    repeat {
        let news = inbox.take()
        for command in news.commands { work.apply(command) }
        if news.stopping, !stopping {
            stopping = true
            work.stop(at: .now)
        }
        if work.needsLibcurl { perform(multi, work) }
        work.turn(at: .now)
        if stopping, work.isFinished { break }
        let patience = inbox.mayWait(stopping: stopping) ? pause(until: work.wakeAt) : 0
        wait(multi, sockets, patience, work)
    } while true
    for command in inbox.seal() { work.apply(command) }
    work.turn(at: .now)
    work.close()
    curl_multi_cleanup(multi)
    inbox.release()
}

private func perform(_ multi: UnsafeMutableRawPointer, _ work: some LoopWork) {
    var running: Int32 = 0
    curl_multi_perform(multi, &running)
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
        guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
        work.ended(handle, curl_result(message))
    }
}

/// For libcurl's sockets and ours, or for ours alone.
private func wait(
    _ multi: UnsafeMutableRawPointer, _ sockets: LoopSockets, _ milliseconds: Int32, _ work: some LoopWork
) {
    guard work.needsLibcurl else { return sockets.wait(milliseconds, ready: work.ready) }
    var ours = curl_waitfd(fd: sockets.descriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
    curl_multi_poll(multi, &ours, 1, milliseconds, nil)
    if ours.revents != 0 { sockets.wait(0, ready: work.ready) }
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
