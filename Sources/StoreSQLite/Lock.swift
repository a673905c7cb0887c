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
        guard descriptor >= 0 else {
            throw Files.error(Words(ru: "не создать файл блокировки", en: "cannot create the lock file"), path, errno)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let owner = Self.read(descriptor)
            close(descriptor)
            guard code == EWOULDBLOCK else {
                throw Files.error(Words(ru: "не заблокировать", en: "cannot lock"), path, code)
            }
            throw StoreError(
                .busy,
                Words(ru: "её держит \(owner.ru)", en: "the database is already in use by \(owner.en)"))
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

    private static func read(_ descriptor: Int32) -> Words {
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        let lines = bytes.prefix(max(0, count)).split(separator: UInt8(ascii: "\n"))
            .map { String(decoding: $0, as: UTF8.self) }
        func value(_ name: String) -> String? {
            lines.first { $0.hasPrefix(name + " ") }.map { String($0.dropFirst(name.count + 1)) }
        }
        guard let pid = value("pid") else { return Words(ru: "другой процесс", en: "another process") }
        let (holder, since) = (value("holder"), value("since"))
        return Words(
            ru: "\(holder ?? "другая программа") (pid \(pid)\(since.map { ", с \($0)" } ?? ""))",
            en: "\(holder ?? "another program") (pid \(pid), since \(since ?? "an unknown time"))")
    }
}

enum Files {
    /// In bytes; 0 where there is none.
    static func size(_ path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    static func error(_ what: Words, _ path: String, _ code: Int32) -> StoreError {
        let why = String(cString: strerror(code))
        let detail = Words(ru: "\(what.ru) \(path): \(russian(code) ?? why)", en: "\(what.en) \(path): \(why)")
        switch code {
        case EACCES, EPERM, EROFS, ENOSPC, EDQUOT: return StoreError(.full, detail)
        default: return StoreError(.unreachable, detail)
        }
    }

    /// What a person meets most; the C library here speaks English only.
    private static func russian(_ code: Int32) -> String? {
        switch code {
        case ENOENT: "нет такого файла или папки"
        case EACCES, EPERM: "нет прав"
        case EROFS: "диск только для чтения"
        case ENOSPC, EDQUOT: "нет места на диске"
        case ENOTDIR: "часть пути — не папка"
        default: nil
        }
    }

    /// Creates the file where there is none and closes it to everybody else before the first byte is in it: SQLite gives
    /// its side files the same mode.
    static func prepare(_ path: String, mode: mode_t) throws(StoreError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw error(Words(ru: "не записать", en: "cannot write"), path, errno) }
        defer { close(descriptor) }
        guard fchmod(descriptor, mode) == 0 else {
            throw error(Words(ru: "не поменять права", en: "cannot set the mode of"), path, errno)
        }
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
        guard stat(folder, &status) == 0 else {
            throw error(Words(ru: "нет доступа к папке", en: "cannot use the folder"), folder, errno)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw StoreError(.unreachable, Words(ru: "\(folder) — не папка", en: "\(folder) is not a folder"))
        }
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw StoreError(
                .unreachable, Words(ru: "\(path) — папка, а не база", en: "\(path) is a folder, not a database"))
        }
    }

    /// Nil when there is no such file.
    static func inode(_ path: String) -> UInt64? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
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
