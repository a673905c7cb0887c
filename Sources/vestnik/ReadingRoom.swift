import Domain
import Foundation
import Journal
import Settings
import StoreSQLite
import Wording

/// A command that only reads: the settings and the database, opened read-only beside whoever owns it.
struct ReadingRoom {
    let settings: LoadedSettings
    let store: SQLiteStore
    let language: Language

    static func open(_ options: HouseOptions) throws -> ReadingRoom {
        let settings = try LoadedSettings.load(options)
        let path = settings.databasePath
        guard access(path, F_OK) == 0 else {
            throw Failure(
                .unavailable,
                ru:
                    "базы \(path) ещё нет. Она появится после vestnik serve или vestnik send; другой файл настроек: --config",
                en:
                    "there is no database \(path) yet. vestnik serve or vestnik send makes it; another configuration file: --config"
            )
        }
        do throws(StoreError) {
            return ReadingRoom(
                settings: settings, store: try SQLiteStore.openReadOnly(path), language: settings.language)
        } catch {
            throw Failure(error, path: path)
        }
    }

    func reading<Value>(_ body: (SQLiteStore) async throws(StoreError) -> Value) async throws -> Value {
        do throws(StoreError) { return try await body(store) } catch {
            throw Failure(error, path: settings.databasePath)
        }
    }

    /// `22.11.2026, 14:05:11` on the clock of the organisation.
    func clock(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: settings.timeZone) ?? .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        return String(
            format: "%02d.%02d.%04d, %02d:%02d:%02d", parts.day ?? 0, parts.month ?? 0, parts.year ?? 0,
            parts.hour ?? 0,
            parts.minute ?? 0, parts.second ?? 0)
    }

    /// `2 ч 10 м`, `14 с`.
    func span(_ duration: Duration) -> String {
        let seconds = Int(duration.seconds)
        let hours = seconds / 3600, minutes = seconds / 60 % 60
        if hours > 0 { return Words(ru: "\(hours) ч \(minutes) м", en: "\(hours) h \(minutes) m")(language) }
        if minutes > 0 {
            return Words(ru: "\(minutes) м \(seconds % 60) с", en: "\(minutes) m \(seconds % 60) s")(language)
        }
        return Words(ru: "\(seconds) с", en: "\(seconds) s")(language)
    }
}
