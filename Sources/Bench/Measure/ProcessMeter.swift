import Foundation
import Glibc

/// CPU time and memory of a process and of everything it started, as the kernel tells it in /proc.
struct ProcessMeter {
    let roots: [Int32]

    struct Reading {
        /// User and system together, seconds; those that have ended and were waited for among them.
        var cpu = 0.0
        /// Megabytes, the sum over the processes of the most each has ever held.
        var peakMB = 0.0
    }

    private struct Process {
        var pid: Int32
        var parent: Int32
        var ticks: Int
    }

    func read() -> Reading {
        let all = Self.processes()
        var family = Set(roots)
        // Children are found in as many rounds as there are generations.
        while true {
            let more = all.filter { family.contains($0.parent) && !family.contains($0.pid) }
            if more.isEmpty { break }
            family.formUnion(more.map(\.pid))
        }
        var reading = Reading()
        for process in all where family.contains(process.pid) {
            reading.cpu += Double(process.ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
            reading.peakMB += Self.peakMB(process.pid)
        }
        return reading
    }

    /// The most so far counts from now: what came before does not hide what grows after.
    /// - Returns: false where the kernel does not allow it; then there is no growth to be told.
    func forgetPeak() -> Bool {
        roots.allSatisfy { pid in
            let file = open("/proc/\(pid)/clear_refs", O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { return false }
            defer { close(file) }
            return write(file, "5", 1) == 1
        }
    }

    private static func processes() -> [Process] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.compactMap(process)
    }

    /// Fields of /proc/PID/stat, counted from behind the name, which may hold anything.
    private static func process(_ pid: Int32) -> Process? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat"),
            let end = data.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = data[(end + 1)...].split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        guard fields.count > 14, let parent = Int32(fields[1]) else { return nil }
        // utime, stime and the same of children that were waited for.
        return Process(pid: pid, parent: parent, ticks: fields[11...14].compactMap { Int($0) }.reduce(0, +))
    }

    private static func peakMB(_ pid: Int32) -> Double {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/status") else { return 0 }
        for line in data.split(separator: 0x0A) where line.starts(with: "VmHWM:".utf8) {
            let digits = line.filter { (0x30...0x39).contains($0) }
            return (Double(String(decoding: digits, as: UTF8.self)) ?? 0) / 1024
        }
        return 0
    }
}
