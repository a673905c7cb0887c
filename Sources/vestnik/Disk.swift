import Domain
import Glibc

/// The file system under the database: whether it takes anything, and how much.
struct Disk {
    /// The log grows to 16 MiB before it is emptied, and a batch may double it; with less the next commit may fail.
    static let least: UInt64 = 64 << 20
    private static let comfortable: UInt64 = 1 << 30

    /// Bytes that this user may still take; nil where nobody says.
    var free: UInt64?
    var isReadOnly = false

    init(free: UInt64?, isReadOnly: Bool = false) {
        self.free = free
        self.isReadOnly = isReadOnly
    }

    init(of path: String) {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return }
        free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        isReadOnly = status.f_flag & UInt(ST_RDONLY) != 0
    }

    var finding: Finding {
        if isReadOnly {
            return Finding(
                .error, "disk", ru: "диск базы только для чтения: ничего не принимается и не отправляется",
                en: "the disk of the database is read-only: nothing is accepted and nothing sent")
        }
        guard let free else {
            return Finding(
                .warning, "disk", ru: "сколько места на диске базы, узнать не удалось",
                en: "how much space is left on the disk of the database could not be found out")
        }
        let (ru, en) = (Self.shown(free, "ГиБ", "МиБ"), Self.shown(free, "GiB", "MiB"))
        if free < Self.least {
            return Finding(
                .error, "disk", ru: "на диске базы свободно \(ru): этого мало для записи, освободите место",
                en: "\(en) free on the disk of the database: too little to record anything, free some space")
        }
        return Finding(
            free < Self.comfortable ? .warning : .good, "disk", ru: "на диске базы свободно \(ru)",
            en: "\(en) free on the disk of the database")
    }

    private static func shown(_ bytes: UInt64, _ large: String, _ small: String) -> String {
        bytes < comfortable
            ? "\(bytes >> 20) \(small)" : "\(bytes >> 30).\((bytes & (1 << 30 - 1)) * 10 >> 30) \(large)"
    }
}
