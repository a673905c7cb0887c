import Domain
import Foundation
import Intake
import Policy
import Queue
import Rendering
import Settings
import StoreSQLite
import Worker

/// Carries out the commands of people and programs in the process that owns the database. Whether they came over the
/// socket or from the command line of this very process makes no difference.
struct Office: Sendable {
    let rulebook: Rulebook
    let store: SQLiteStore
    let ids: IDSource
    let wakeup: Wakeup
    /// Where the running worker hears of orders; nobody reads it in a process without one.
    let mailbox: Mailbox
    /// Of whoever gives the present order; nil: nobody said.
    var spoken: Language?

    /// The same office, answering in the language of one caller.
    func speaking(_ language: Language?) -> Office {
        var office = self
        office.spoken = language
        return office
    }

    func handle(_ command: Command) async -> Reply {
        do {
            switch command {
            case .send(let requests, let client, let dryRun):
                return .items(try await send(requests, client: client, dryRun: dryRun))
            case .cancel(let ids): return .items(try await cancel(ids))
            case .retry(let ids, let evenUnconfirmed):
                return .items(try await retry(ids, evenUnconfirmed: evenUnconfirmed))
            case .writeOff(let ids): return .items(try await writeOff(ids))
            case .pauseProvider(let id, let note): return try await pauseProvider(id, note: note).reply
            case .resumeProvider(let id): return try await resumeProvider(id).reply
            case .holdQueue: return try await holdQueue().reply
            case .releaseQueue: return try await releaseQueue().reply
            case .backup(let target): return try await backup(to: target).reply
            case .importResidents(let csv, let file, let dryRun):
                return .imported(try await importResidents(csv, file: file, dryRun: dryRun))
            case .consent(let order): return .done(try await consent(order))
            case .suppress(let channel, let address, let reason, let until):
                return .done(try await suppress(channel, address, reason, until))
            case .lift(let channel, let address): return .done(try await lift(channel, address))
            case .createKey(let order): return try await createKey(order).reply
            case .revokeKey(let id): return try await revokeKey(id).reply
            case .guest(let order): return try await changeGuests(order).reply
            case .facts(let account, let balance, let asOf):
                return try await noteFacts(account, balance, asOf).reply
            case .webhook(let order): return try await webhook(order)
            case .ping: return .pong(pid: getpid(), database: settings.realDatabasePath)
            }
        } catch let failure as Failure {
            return .refused(Refusal(failure))
        } catch let error as StoreError {
            return .refused(Refusal(Failure(error, path: settings.databasePath, owned: true)))
        } catch {
            return .refused(
                Refusal(Failure(.unavailable, ru: "внутренняя ошибка: \(error)", en: "internal error: \(error)")))
        }
    }

    var settings: LoadedSettings { rulebook.current.settings }
    var shelf: TemplateFolder { rulebook.current.shelf }
    var language: Language { spoken ?? settings.language }
    /// Who gave the order, for the journal.
    var person: String { "cli:\(NSUserName())" }

    /// Stage 1, with this process's books.
    var accept: Accept {
        let page = rulebook.current
        return Accept(
            purposes: page.settings.purposes, shelf: page.shelf, organisation: page.settings.organisation,
            recipients: store, guests: store, ids: ids, carried: page.rules.carried)
    }
}

extension Words {
    var reply: Reply { .said(ru: ru, en: en) }
}

extension Destination {
    init(typed text: String, _ channel: Channel) throws {
        do throws(AddressError) {
            self.init(channel: channel, address: try Address(text, for: channel))
        } catch {
            throw Failure(
                .badData, ru: "это не адрес для канала \(channel.rawValue): \(error.words.ru)",
                en: "not an address of the channel \(channel.rawValue): \(error.words.en)")
        }
    }
}

extension Channel {
    init(typed text: String) throws {
        guard let channel = Channel(rawValue: text) else {
            throw Failure.unknown(
                ru: "канала «\(text)» нет", en: "no channel \"\(text)\"", text, among: Channel.allCases.map(\.rawValue))
        }
        self = channel
    }
}

extension Date {
    /// RFC 3339 with an offset.
    init(typed text: String) throws {
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw Failure(
                .usage, ru: "«\(text)» не время; нужно так: 2026-12-15T21:00:00+03:00",
                en: "\"\(text)\" is not a time; it should look like 2026-12-15T21:00:00+03:00")
        }
        self = date
    }
}
