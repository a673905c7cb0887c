import Domain
import Glibc
import Synchronization

/// What the sink has counted, in a page of memory that two processes share through a file: the one that measures looks at
/// it as often as it likes and costs the sink nothing. Times are nanoseconds of `Stopwatch.now`.
package final class SinkBoard: Sendable {
    package enum Slot: Int, CaseIterable {
        /// Mails and HTTP requests that were taken.
        case mails, requests
        /// What was no SMTP or no HTTP.
        case malformed
        case connections, bytes
        case lastMail, lastRequest
        /// Written by whoever measures: 1 makes the sink deaf, as a relay that is away for a while.
        case held
        /// Where the sink listens; 0 until it does.
        case smtpPort, httpPort
    }

    private static let size = 4096
    // One page that is never moved, and every slot an atomic: nothing guards it because nothing needs to.
    private nonisolated(unsafe) let page: UnsafeMutablePointer<Atomic<Int>>

    /// - Parameter path: a file of ours, made where there is none.
    package init(_ path: String) throws(BenchFailure) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0, ftruncate(file, off_t(Self.size)) == 0 else {
            throw BenchFailure(
                .noPermission, ru: "файл \(path) не создать", en: "the file \(path) cannot be made")
        }
        defer { close(file) }
        guard let raw = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), raw != MAP_FAILED else {
            throw BenchFailure(
                .unavailable, ru: "файл \(path) не отобразить в память", en: "the file \(path) cannot be mapped")
        }
        page = raw.bindMemory(to: Atomic<Int>.self, capacity: Slot.allCases.count)
    }

    deinit { munmap(UnsafeMutableRawPointer(page), Self.size) }

    package subscript(_ slot: Slot) -> Int {
        get { page[slot.rawValue].load(ordering: .relaxed) }
        set { page[slot.rawValue].store(newValue, ordering: .relaxed) }
    }

    func add(_ count: Int, to slot: Slot) { page[slot.rawValue].add(count, ordering: .relaxed) }
}
