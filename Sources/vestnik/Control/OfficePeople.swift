import Domain
import Foundation
import Intake
import Policy
import StoreSQLite

/// Residents, what they said, and addresses that nobody writes to.
extension Office {
    func consent(_ order: ConsentOrder) async throws -> String {
        let recipient = try RecipientID(typed: order.recipient)
        let purpose = try settings.purpose(named: order.purpose)
        guard let action = ConsentRecord.Action(rawValue: order.action) else {
            throw Failure(.usage, ru: "действие \(order.action) неизвестно", en: "unknown action \(order.action)")
        }
        guard let source = ConsentRecord.Source(rawValue: order.source) else {
            let known = ConsentRecord.Source.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(.usage, ru: "--source: бывает \(known)", en: "--source: one of \(known)")
        }
        let entry = ConsentEntry(
            recipient: recipient, purpose: purpose.id, channel: try order.channel.map(Channel.init(typed:)),
            action: action, source: source, evidence: order.evidence, textVersion: order.textVersion,
            occurredAt: try order.occurredAt.map(Date.init(typed:)))
        let now = Clocks.now()
        let intake = ConsentIntake(purposes: settings.purposes, recipients: store, ids: ids)
        let looked = try await intake.record(of: entry, by: person, at: now.wall)
        let record: ConsentRecord
        do throws(ConsentObjection) { record = try looked.get() } catch { throw Failure(error) }
        try await store.record([record], at: now)
        return Words(
            ru: "Записано: \(record.id). Действует сразу, и на то, что уже в очереди.",
            en: "Recorded: \(record.id). Effective at once, for queued messages too.")(language)
    }

    func suppress(_ channel: String, _ address: String, _ reason: String?, _ until: String?) async throws -> String {
        let now = Clocks.now()
        let destination = try Destination(typed: address, try Channel(typed: channel))
        let suppression = Suppression(
            destination: destination, reason: .manual, since: now.wall, until: try until.map(Date.init(typed:)),
            detail: reason)
        guard suppression.holds(at: now.wall) else {
            throw Failure(.usage, ru: "--until: это время уже прошло", en: "--until: this time is over already")
        }
        try await store.suppress([suppression], by: person, at: now)
        return Words(
            ru: "В стоп-листе: \(channel) \(destination.address.masked)",
            en: "Suppressed: \(channel) \(destination.address.masked)")(language)
    }

    func lift(_ channel: String, _ address: String) async throws -> String {
        let destination = try Destination(typed: address, try Channel(typed: channel))
        guard try await store.lift(destination, by: person, at: Clocks.now()) else {
            throw Failure(
                .badData, ru: "\(channel) \(destination.address.masked) нет в стоп-листе",
                en: "\(channel) \(destination.address.masked) is not on the suppression list")
        }
        return Words(
            ru: "Снято: \(channel) \(destination.address.masked)",
            en: "Lifted: \(channel) \(destination.address.masked)")(language)
    }

    func importResidents(_ csv: String, file: String, dryRun: Bool) async throws -> ImportReply {
        guard let bytes = Data(base64Encoded: csv) else {
            throw Failure(.badData, ru: "файл \(file) повреждён по пути", en: "the file \(file) was damaged on its way")
        }
        let now = Clocks.now()
        let defaults = ResidentFile.Defaults(
            timeZone: settings.timeZone, purposes: Set(settings.purposes.keys), by: person, file: file)
        let parsed: ResidentFile
        do throws(CSVFault) {
            parsed = try ResidentFile(Array(bytes), defaults: defaults, ids: ids, at: now.wall)
        } catch {
            throw Failure(.badData, Words(ru: "\(file): \(error.words.ru)", en: "\(file): \(error.words.en)"))
        }
        return ImportReply(
            try await ResidentIntake(recipients: store).take(parsed, by: person, dryRun: dryRun, at: now))
    }
}

extension ImportReply {
    init(_ outcome: ResidentIntake.Outcome) {
        self.init(
            recipients: outcome.recipients, consents: outcome.consents, newConsents: outcome.newConsents,
            stored: outcome.stored,
            errors: outcome.errors.prefix(ResidentIntake.Outcome.told).map {
                RowError(row: $0.row, column: $0.column, ru: $0.words.ru, en: $0.words.en)
            })
    }
}

extension Failure {
    /// In the words of the command line.
    init(_ objection: ConsentObjection) {
        let hint =
            switch objection {
            case .unknownRecipient: " (vestnik recipient import)"
            case .mandatory: " (--channel)"
            case .yetToCome: " (--at)"
            case .unknownPurpose: ""
            }
        self.init(.badData, ru: objection.words.ru + hint, en: objection.words.en + hint)
    }
}
