import Domain
import FoundationEssentials

extension Moment {
    /// This clock's reading of a time on the wall, and back.
    func uptime(at wall: Date) -> Int64 {
        let away = min(max(wall.timeIntervalSince(self.wall), 0), 1e11)
        return uptime + Int64(away * 1000)
    }
    func wall(at uptime: Int64) -> Date { wall.addingTimeInterval(Double(uptime - self.uptime) / 1000) }
}
