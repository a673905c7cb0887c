import Domain
import FoundationEssentials
import Glibc

/// `<database>.place`: which file was used here last and how far it had come. The database cannot tell that it was
/// replaced by an older copy of itself; something beside it can.
///
/// It never runs ahead of what is committed, so a crash at any moment leaves it behind the database or level with it,
/// and that raises no doubt.
struct Place: Sendable, Equatable {
    /// For people only: after a restart the same disk may have another number.
    var device: UInt64
    var inode: UInt64
    var session: Int64
    var journal: Int64

    /// Nil when there is none, or when it says nothing that makes sense.
    static func read(beside database: String) -> Place? {
        let lines = Files.head(database + ".place", count: 1024).split(separator: UInt8(ascii: "\n"))
        var values: [String: Int64] = [:]
        for line in lines {
            let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            if words.count == 2, let value = Int64(words[1]) { values[words[0]] = value }
        }
        guard let device = values["device"], let inode = values["inode"], let session = values["session"],
            let journal = values["journal"]
        else { return nil }
        return Place(
            device: UInt64(bitPattern: device), inode: UInt64(bitPattern: inode), session: session, journal: journal)
    }

    init(device: UInt64, inode: UInt64, session: Int64, journal: Int64) {
        self.device = device
        self.inode = inode
        self.session = session
        self.journal = journal
    }

    /// Where the file is now.
    init(of database: String, session: Int64, journal: Int64) throws(StoreError) {
        var status = stat()
        guard stat(database, &status) == 0 else {
            throw Files.error(Words(ru: "не прочитать", en: "cannot look at"), database, errno)
        }
        self.init(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), session: session, journal: journal)
    }

    /// As a whole or not at all: a place cut short by a full disk would stop the next start.
    func write(beside database: String) throws(StoreError) {
        let path = database + ".place"
        let fresh = path + ".new"
        let descriptor = Glibc.open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Files.error(Words(ru: "не записать", en: "cannot write"), fresh, errno) }
        defer { close(descriptor) }
        let numbers = (Int64(bitPattern: device), Int64(bitPattern: inode))
        let text = Array(
            "device \(numbers.0)\ninode \(numbers.1)\nsession \(session)\njournal \(journal)\n".utf8)
        let written = text.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == text.count, fsync(descriptor) == 0, rename(fresh, path) == 0 else {
            let code = written < 0 || written == text.count ? errno : ENOSPC
            unlink(fresh)
            throw Files.error(Words(ru: "не записать", en: "cannot write"), path, code)
        }
        // The name too: after a power cut a database without its place would stand still.
        Files.syncFolder(of: path)
    }

    /// Why the file in front of us may not be the one that was used here last; nil when nothing speaks against it.
    ///
    /// - Parameters:
    ///   - now: the file as it is.
    ///   - known: what stands beside it.
    static func doubt(about now: Place, known: Place?) -> (reason: Hold.Reason, detail: String?)? {
        // A database that nobody has used holds nothing that could be sent twice.
        guard now.session > 0 else { return nil }
        guard let known else { return (.placeMissing, nil) }
        if now.session < known.session || now.journal < known.journal {
            return (.behind, "journal \(now.journal) < \(known.journal), session \(now.session) / \(known.session)")
        }
        if now.inode != known.inode {
            return (.moved, "inode \(known.device):\(known.inode) -> \(now.device):\(now.inode)")
        }
        return nil
    }
}
