package import Domain
import FoundationEssentials
import Glibc
import GRDB
import Journal
import Queue

extension SQLiteStore {
    /// A consistent copy of the file as it is at one moment, made beside its work, without what was deleted. It is marked
    /// as a copy: whoever starts it is held until a person says go on.
    ///
    /// - Parameter target: must not exist; it appears under this name only when it is whole.
    package func backup(to target: String, by: String, at now: Moment) async throws(StoreError) {
        try Files.checkFolder(of: target)
        guard access(target, F_OK) != 0 else { throw StoreError(.unreachable, "\(target) exists already") }
        let part = target + ".part"
        // Left by a copy that was interrupted.
        unlink(part)
        do {
            try Files.prepare(part, mode: 0o600)
            try await copy(to: part)
            try await Self.mark(part, by: by, at: now)
            try Files.finish(part, as: target)
        } catch {
            unlink(part)
            throw StoreError(error)
        }
        try await write(.change, at: now) { transaction in
            try transaction.journal("backup", by: by, [.init("file", target)])
        }
    }

    /// A connection of its own: the pool's readers may not even write to other files.
    private func copy(to part: String) async throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "backup"
        let source = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? source.close() }
        try await source.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA query_only = 0")
            try db.execute(sql: "VACUUM INTO ?", arguments: [part])
        }
    }

    private static func mark(_ part: String, by: String, at now: Moment) async throws {
        let copy = try DatabaseQueue(path: part)
        defer { try? copy.close() }
        try await copy.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.run(
                "INSERT OR REPLACE INTO hold (one, reason, since, by, detail) VALUES (1, ?, ?, ?, NULL)",
                [Hold.Reason.backup.rawValue, now.wall.milliseconds, by])
        }
    }
}

extension Files {
    /// On the disk with all its bytes before it has its name.
    static func finish(_ part: String, as target: String) throws(StoreError) {
        let descriptor = Glibc.open(part, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw error(Words(ru: "не записать", en: "cannot write"), part, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0, rename(part, target) == 0 else {
            throw error(Words(ru: "не записать", en: "cannot write"), target, errno)
        }
        syncFolder(of: target)
    }
}
