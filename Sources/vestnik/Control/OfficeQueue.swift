import Domain
import Foundation
import Journal
import Queue
import Settings
import StoreSQLite
import Wording
import Worker

/// The office's switches: an account, the whole queue, a copy of the books. Each is written down first, so that a restart
/// keeps it, and then told to the running worker.
extension Office {
    /// - Parameter accounts: those whose standings are asked for; a switch needs none.
    func board(_ accounts: [ProviderAccount] = []) -> ProviderBoard {
        let day = Clocks.day(in: settings.timeZone)
        return ProviderBoard(accounts, ledger: store, day: { day($0).number }) { [mailbox] order in
            switch order {
            case .pause(let provider): mailbox.put(.pause(provider))
            case .resume(let provider): mailbox.put(.resume(provider))
            }
        }
    }

    func pauseProvider(_ name: String, note: String?) async throws -> Words {
        let provider = try settings.provider(named: name)
        try await board().pause(provider, note: note, by: person, at: Clocks.now())
        return Words(
            ru:
                "\(provider) на паузе: новых отправок нет, начатые доходят до конца. Снова: vestnik provider resume \(provider)",
            en:
                "\(provider) is paused: nothing new is sent, what has begun comes to its end. Again: vestnik provider resume \(provider)"
        )
    }

    func resumeProvider(_ name: String) async throws -> Words {
        let provider = try settings.provider(named: name)
        try await board().resume(provider, by: person, at: Clocks.now())
        return Words(
            ru: "\(provider) снова работает. Дальше: vestnik queue stats",
            en: "\(provider) works again. Next: vestnik queue stats")
    }

    func holdQueue() async throws -> Words {
        let now = Clocks.now()
        let hold = try await store.hold(.operator, by: person, at: now)
        mailbox.put(.hold)
        guard !hold.reason.doubtsTheFile else {
            return Words(
                ru: "Отправка и так остановлена: \(hold.reason.words.ru).",
                en: "Sending is stopped already: \(hold.reason.words.en).")
        }
        return Words(
            ru:
                "Отправка остановлена, и после перезапуска тоже. Приём работает. Что ждёт: vestnik queue held. Снова: vestnik queue resume",
            en:
                "Sending is stopped, after a restart too. Messages are still accepted. What waits: vestnik queue held. Again: vestnik queue resume"
        )
    }

    func releaseQueue() async throws -> Words {
        let released = try await store.release(by: person, at: Clocks.now())
        mailbox.put(.release)
        guard let released else {
            return Words(ru: "Отправка не была остановлена.", en: "Sending was not stopped.")
        }
        let waiting = try await store.backlog().filter { $0.kind == .queued }.reduce(0) { $0 + $1.count }
        return Words(
            ru:
                "Отправка снова идёт (стояла: \(released.reason.words.ru)). В очереди \(waiting). Дальше: vestnik queue stats",
            en: "Sending goes on (it stood: \(released.reason.words.en)). \(waiting) queued. Next: vestnik queue stats")
    }

    func backup(to target: String) async throws -> Words {
        guard access(target, F_OK) != 0 else {
            throw Failure(
                .usage, ru: "файл \(target) уже есть: копия не пишется поверх, укажите другое имя",
                en: "the file \(target) exists already: a copy overwrites nothing, give another name")
        }
        do throws(StoreError) {
            try await store.backup(to: target, by: person, at: Clocks.now())
        } catch {
            throw Failure(error, path: target)
        }
        let size = (try? FileManager.default.attributesOfItem(atPath: target)[.size] as? NSNumber)??.int64Value ?? 0
        return Words(
            ru:
                "Копия готова: \(target), \(size / 1024) КиБ. Запущенная из неё база сначала стоит, пока её не отпустят: vestnik queue resume. Проверить: vestnik db check \(target)",
            en:
                "The copy is ready: \(target), \(size / 1024) KiB. A database started from it stands still until it is let go: vestnik queue resume. Check it: vestnik db check \(target)"
        )
    }
}
