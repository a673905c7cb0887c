import Domain
import FoundationEssentials
import Glibc
import Synchronization

/// One process owns a database at a time: two writers are unfair to each other at best, and on SQLite before 3.51.3 two
/// connections that checkpoint can lose committed rows (https://sqlite.org/wal.html#walresetbug).
///
/// The file stays when its owner is gone; what counts is the kernel's lock on it, which no death can leave behind.
final class OwnerLock: Sendable {
    /// Nil once released.
    private let descriptor: Mutex<Int32?>

    init(path: String, holder: String, since now: Date) throws(StoreError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Files.error("cannot create the lock file", path, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let owner = Self.read(descriptor)
            close(descriptor)
            guard code == EWOULDBLOCK else { throw Files.error("cannot lock", path, code) }
            throw StoreError(.busy, "the database is already in use by \(owner)")
        }
        Self.write(descriptor, holder: holder, since: now)
        self.descriptor = Mutex(descriptor)
    }

    func release() {
        descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            ftruncate(open, 0)
            // Said aloud, not left to `close`: a child that is being forked at this moment holds a copy of the descriptor.
            flock(open, LOCK_UN)
            close(open)
            descriptor = nil
        }
    }

    deinit { release() }

    /// Three lines for people and for the process that is refused: pid, holder, since.
    private static func write(_ descriptor: Int32, holder: String, since now: Date) {
        let words = String(decoding: holder.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
        let text = Array("pid \(getpid())\nholder \(words)\nsince \(now.ISO8601Format())\n".utf8)
        ftruncate(descriptor, 0)
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    private static func read(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        let lines = bytes.prefix(max(0, count)).split(separator: UInt8(ascii: "\n"))
            .map { String(decoding: $0, as: UTF8.self) }
        func value(_ name: String) -> String? {
            lines.first { $0.hasPrefix(name + " ") }.map { String($0.dropFirst(name.count + 1)) }
        }
        guard let pid = value("pid") else { return "another process" }
        return "\(value("holder") ?? "another program") (pid \(pid), since \(value("since") ?? "an unknown time"))"
    }
}

enum Files {
    static func error(_ what: String, _ path: String, _ code: Int32) -> StoreError {
        let detail = "\(what) \(path): \(String(cString: strerror(code)))"
        switch code {
        case EACCES, EPERM, EROFS, ENOSPC, EDQUOT: return StoreError(.full, detail)
        default: return StoreError(.unreachable, detail)
        }
    }

    /// Creates the file where there is none and closes it to everybody else before the first byte is in it: SQLite gives
    /// its side files the same mode.
    static func prepare(_ path: String, mode: mode_t) throws(StoreError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw error("cannot write", path, errno) }
        defer { close(descriptor) }
        guard fchmod(descriptor, mode) == 0 else { throw error("cannot set the mode of", path, errno) }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    static func syncFolder(of path: String) {
        let descriptor = Glibc.open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// The folder must be there: a mistyped path must not grow a new, empty gateway somewhere.
    static func checkFolder(of path: String) throws(StoreError) {
        let folder = folder(of: path)
        var status = stat()
        guard stat(folder, &status) == 0 else { throw error("cannot use the folder", folder, errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw StoreError(.unreachable, "\(folder) is not a folder") }
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw StoreError(.unreachable, "\(path) is a folder, not a database")
        }
    }

    /// The first bytes; empty when there is no file or nothing in it.
    static func head(_ path: String, count: Int) -> [UInt8] {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        let read = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return Array(bytes.prefix(max(0, read)))
    }
}
