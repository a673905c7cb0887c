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
            case .pauseProvider(let id): return try await pauseProvider(id).reply
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
            recipients: store, guests: store, ids: ids, carried: page.settings.configuration.rules.carried)
    }

    // MARK: consents and suppressions

    private func consent(_ order: ConsentOrder) async throws -> String {
        let recipient = try RecipientID(typed: order.recipient)
        guard try await store.recipient(recipient) != nil else {
            throw Failure(
                .badData, ru: "получателя \(recipient) нет в базе: сначала vestnik recipient import",
                en: "no recipient \(recipient) in the database: vestnik recipient import comes first")
        }
        let purpose = try settings.purpose(named: order.purpose)
        guard let action = ConsentRecord.Action(rawValue: order.action) else {
            throw Failure(.usage, ru: "действие \(order.action) неизвестно", en: "unknown action \(order.action)")
        }
        guard let source = ConsentRecord.Source(rawValue: order.source) else {
            let known = ConsentRecord.Source.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(.usage, ru: "--source: бывает \(known)", en: "--source: one of \(known)")
        }
        let channel = try order.channel.map(Channel.init(typed:))
        if action == .withdrawn, channel == nil, purpose.mandatory {
            throw Failure(
                .badData,
                ru: "цель \(purpose.id) обязательная: от неё нельзя отказаться совсем, можно сменить канал (--channel)",
                en:
                    "the purpose \(purpose.id) is mandatory: it cannot be switched off, only moved to another channel (--channel)"
            )
        }
        let now = Clocks.now()
        let said = try order.occurredAt.map(Date.init(typed:)) ?? now.wall
        guard said <= now.wall else {
            throw Failure(.badData, ru: "--at: это время ещё не наступило", en: "--at: this time is yet to come")
        }
        let record = ConsentRecord(
            id: ids.next(at: now.wall), recipient: recipient, purpose: purpose.id, channel: channel, action: action,
            source: source, recordedBy: "cli:\(NSUserName())", evidence: order.evidence,
            textVersion: order.textVersion, occurredAt: said, recordedAt: now.wall)
        try await store.record([record], at: now)
        return Words(
            ru: "Записано: \(record.id). Действует сразу, и на то, что уже в очереди.",
            en: "Recorded: \(record.id). Effective at once, for queued messages too.")(language)
    }

    private func suppress(_ channel: String, _ address: String, _ reason: String?, _ until: String?) async throws
        -> String
    {
        let now = Clocks.now()
        let destination = try Destination(typed: address, try Channel(typed: channel))
        let end = try until.map(Date.init(typed:))
        if let end, end <= now.wall {
            throw Failure(.usage, ru: "--until: это время уже прошло", en: "--until: this time is over already")
        }
        try await store.suppress(
            [
                Suppression(
                    destination: destination, reason: .manual, since: now.wall, until: end, detail: reason)
            ], by: "cli:\(NSUserName())", at: now)
        return Words(
            ru: "В стоп-листе: \(channel) \(destination.address.masked)",
            en: "Suppressed: \(channel) \(destination.address.masked)")(language)
    }

    private func lift(_ channel: String, _ address: String) async throws -> String {
        let destination = try Destination(typed: address, try Channel(typed: channel))
        guard try await store.lift(destination, by: "cli:\(NSUserName())", at: Clocks.now()) else {
            throw Failure(
                .badData, ru: "\(channel) \(destination.address.masked) нет в стоп-листе",
                en: "\(channel) \(destination.address.masked) is not on the suppression list")
        }
        return Words(
            ru: "Снято: \(channel) \(destination.address.masked)",
            en: "Lifted: \(channel) \(destination.address.masked)")(language)
    }

    // MARK: residents

    private func importResidents(_ csv: String, file: String, dryRun: Bool) async throws -> ImportReply {
        guard let bytes = Data(base64Encoded: csv) else {
            throw Failure(.badData, ru: "файл \(file) повреждён по пути", en: "the file \(file) was damaged on its way")
        }
        let now = Clocks.now()
        let defaults = ResidentFile.Defaults(
            timeZone: settings.timeZone, purposes: Set(settings.purposes.keys), by: "cli:\(NSUserName())", file: file)
        let parsed: ResidentFile
        do throws(CSVFault) {
            parsed = try ResidentFile(Array(bytes), defaults: defaults, ids: ids, at: now.wall)
        } catch {
            throw Failure(.badData, Words(ru: "\(file): \(error.words.ru)", en: "\(file): \(error.words.en)"))
        }
        let stored = parsed.errors.isEmpty && !dryRun
        var fresh: Int?
        if stored {
            fresh = try await store.take(
                ResidentImport(recipients: parsed.recipients, consents: parsed.consents), at: now)
        }
        return ImportReply(
            recipients: parsed.recipients.count, consents: parsed.consents.count, newConsents: fresh, stored: stored,
            errors: parsed.errors.prefix(100).map {
                ImportReply.RowError(row: $0.row, column: $0.column, ru: $0.words.ru, en: $0.words.en)
            })
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
