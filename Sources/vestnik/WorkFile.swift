import Domain
import Foundation
import Synchronization
import Worker

/// Eight bytes beside the database: the message that is being prepared, 0 for none. Never synced: it has to outlive this
/// process, not the machine, and a write that only reaches the page cache costs a microsecond.
enum WorkFile {
    /// Read before the first turn of the new owner. A file that cannot be kept is no reason not to send.
    static func note(beside database: String) -> WorkNote {
        let descriptor = open(database + ".working", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return .none }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var raw: Int64 = 0
        let read = pread(descriptor, &raw, MemoryLayout<Int64>.size, 0)
        let last = read == MemoryLayout<Int64>.size && raw != 0 ? MessageID(raw: raw) : nil
        return WorkNote(last: last) { id in
            var raw = id?.raw ?? 0
            _ = pwrite(file.fileDescriptor, &raw, MemoryLayout<Int64>.size, 0)
        }
    }
}
