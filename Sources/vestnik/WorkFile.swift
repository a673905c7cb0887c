import Domain
import Foundation
import Synchronization
import Worker

/// Eight bytes beside the database: the message that is being prepared, 0 for none. Mapped and never synced: it has to
/// outlive this process, not the machine, and is written before each message.
enum WorkFile {
    /// Read before the first turn of the new owner. A file that cannot be kept is no reason not to send.
    static func note(beside database: String) -> WorkNote {
        let descriptor = open(database + ".working", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return .none }
        defer { close(descriptor) }
        // Room on the disk now: a page that finds none later would end the process.
        guard posix_fallocate(descriptor, 0, off_t(WorkPage.size)) == 0, let page = WorkPage(descriptor) else {
            return .none
        }
        let raw = page.read()
        return WorkNote(last: raw == 0 ? nil : MessageID(raw: raw)) { page.write($0?.raw ?? 0) }
    }
}

/// The mapped number. Written by the worker only.
private final class WorkPage: Sendable {
    static let size = MemoryLayout<Int64>.size
    private nonisolated(unsafe) let number: UnsafeMutablePointer<Int64>

    init?(_ descriptor: Int32) {
        guard let page = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), page != MAP_FAILED
        else { return nil }
        number = page.bindMemory(to: Int64.self, capacity: 1)
    }

    deinit { munmap(number, Self.size) }

    func read() -> Int64 { number.pointee }
    func write(_ value: Int64) { number.pointee = value }
}
