import CLinux
import Glibc

/// SIGTERM and SIGINT as something to read, so that a loop over descriptors hears them.
package enum StopSignals {
    /// Blocks both for this thread and those it starts.
    package static func descriptor() -> Int32 {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        return signalfd(-1, &signals, Int32(SFD_CLOEXEC))
    }
}
