import Domain
import Foundation
import Journal
import Sandbox
import Settings
import ServiceLifecycle
import StoreSQLite

/// The demonstration: a folder with a configuration of its own, a sandbox as the far side of the wire, and the same
/// commands that a user would type, in their order.
struct DemoStage: Sendable {
    let folder: URL
    let kept: Bool
    let language: Language
    private let resources: Resources

    init(keep: String?, config: String?, language: Language) throws {
        resources = try Resources.find(beside: config)
        kept = keep != nil
        self.language = language
        folder =
            keep.map { URL(filePath: $0).absoluteURL }
            ?? FileManager.default.temporaryDirectory.appending(path: "vestnik-demo-\(getpid())")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                .noPermission, ru: "папку \(folder.path()) не создать: \(error.localizedDescription)",
                en: "the folder \(folder.path()) cannot be made: \(error.localizedDescription)")
        }
    }

    func tidy() { if !kept { try? FileManager.default.removeItem(at: folder) } }

    func play(json: Bool, once: Bool, httpPort: Int, patience: Duration) async throws {
        var settings = SandboxSettings(httpPort: httpPort, certificateFolder: folder.path())
        settings.witnessFile = folder.appending(path: "arrivals.ndjson").path()
        let sandbox: Sandbox
        do throws(SandboxError) { sandbox = try await Sandbox.start(settings) } catch {
            throw Failure(.unavailable, error.words)
        }
        let loaded = try DemoConfiguration(folder: folder, resources: resources, sandbox: sandbox).write(language)
        let outcome = DemoOutcome()
        var gateway = Gateway(
            settings: loaded, holder: "vestnik demo", stop: await StopSignals())
        gateway.companion = { house, doors in
            try await self.act(house, doors, sandbox: sandbox, json: json, once: once, patience: patience, outcome)
        }
        try await gateway.run { _ in }
        await sandbox.stop()
        if let failure = outcome.failure { throw failure }
    }

    private func act(
        _ house: House, _ doors: OpenDoors, sandbox: Sandbox, json: Bool, once: Bool, patience: Duration,
        _ outcome: DemoOutcome
    ) async throws {
        do {
            try await fill(house, quiet: json)
            let views = try await settle(house, within: patience, quiet: json)
            if json {
                views.forEach { Console.print(JSONText.line(DemoLine($0))) }
            } else {
                Console.print(DemoTable(views: views, language: language).text)
                Console.print(closing(sandbox, once: once))
                if !once, let api = doors.api { try await invite(house, api, sandbox) }
            }
            guard !once else { return }
            // Until somebody stops it, which is the only way out of here and no failure.
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(30 * 86_400)) }
        } catch let failure as Failure {
            outcome.failure = failure
        }
    }

    /// `recipient import`, `suppression add`, then one `send --file` for each file of the folder.
    private func fill(_ house: House, quiet: Bool) async throws {
        let csv = try resources.read("Config/demo/residents.csv")
        let imported = await house.office.handle(
            .importResidents(csv: csv.base64EncodedString(), file: "residents.csv", dryRun: false))
        if case .refused(let refusal) = imported { throw refusal.failure }
        guard case .imported(let residents) = imported, residents.stored else {
            throw Failure(.badData, ru: "residents.csv не загрузился", en: "residents.csv was not imported")
        }
        say(
            quiet,
            Words(
                ru: "Загружено: жителей и домовых чатов \(residents.recipients), согласий \(residents.consents)",
                en: "Imported: \(residents.recipients) residents and house chats, \(residents.consents) consents"))
        _ = await house.office.handle(
            .suppress(channel: "email", address: "kv20.lenina@sandbox.invalid", reason: "demo", until: nil))
        for file in DemoFile.allCases {
            let lines = try resources.read("Config/demo/\(file.rawValue).ndjson")
                .split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
            let reply = await house.office.handle(.send(requests: lines, client: "billing-demo", dryRun: false))
            guard case .items(let items) = reply else {
                if case .refused(let refusal) = reply { throw refusal.failure }
                continue
            }
            if let bad = items.first(where: { $0.problem != nil }) {
                throw Failure(
                    .badData, ru: "\(file.rawValue), строка \(bad.index + 1): \(bad.detail ?? "")",
                    en: "\(file.rawValue), line \(bad.index + 1): \(bad.detail ?? "")")
            }
            // Each line has its idempotency key: in a folder that is kept a second run finds the first one's messages.
            let known = items.count { $0.replayed == true }
            let again =
                known == 0
                ? Words(ru: "", en: "")
                : Words(
                    ru: " (из них \(known) приняты прошлым запуском и снова не отправляются)",
                    en: " (\(known) of them were accepted by an earlier run and are not sent again)")
            say(
                quiet,
                Words(
                    ru: "В очереди: \(file.title.ru), \(items.count)\(again.ru)",
                    en: "Queued: \(file.title.en), \(items.count)\(again.en)"))
        }
    }

    private func invite(_ house: House, _ api: ListenAddress, _ sandbox: Sandbox) async throws {
        let invitation = DemoInvitation(api, sandbox, config: folder.appending(path: "vestnik.yaml").path())
        let reply = await house.office.handle(invitation.order(until: Clocks.now().wall.addingTimeInterval(86_400)))
        if case .refused(let refusal) = reply { throw refusal.failure }
        Console.print(invitation.text(language))
    }

    /// Waits until each message is final, or sent on a channel that says no more.
    private func settle(_ house: House, within patience: Duration, quiet: Bool) async throws -> [MessageView] {
        var progress = Progress(Words(ru: "Отправляю", en: "Sending"), in: language)
        let deadline = Clocks.now().advanced(by: patience)
        while true {
            let views = try await allMessages(house)
            let settled = views.filter(\.isSettled).count
            if !quiet { progress.show(settled, of: views.count) }
            if settled == views.count {
                progress.finish()
                return views
            }
            if Clocks.now().uptime > deadline.uptime {
                throw Failure(
                    .someFailed, ru: "за \(Int(patience.seconds)) с ушли не все: ждут \(views.count - settled)",
                    en: "not all left within \(Int(patience.seconds)) s: \(views.count - settled) wait")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func allMessages(_ house: House) async throws -> [MessageView] {
        var all: [MessageView] = []
        while true {
            let page = try await house.store.messages(MessageFilter(), limit: 250, after: all.last?.message.id)
            all += page
            if page.count < 250 { return all.reversed() }
        }
    }

    private func say(_ quiet: Bool, _ words: Words) { if !quiet { Console.error(words(language)) } }

    private func closing(_ sandbox: Sandbox, once: Bool) -> String {
        var lines: [String] = []
        if !once {
            lines.append(
                Words(
                    ru: "Входящие глазами жителей:  \(sandbox.page)",
                    en: "The inbox as residents see it:  \(sandbox.page)")(language))
        } else {
            lines.append(
                Words(
                    ru: "Песочница была здесь: \(sandbox.page) (с --once она уже закрыта)",
                    en: "The sandbox was here: \(sandbox.page) (with --once it is closed by now)")(language))
        }
        if kept || !once {
            let config = folder.appending(path: "vestnik.yaml").path()
            lines.append(
                Words(
                    ru: "Посмотреть изнутри:        vestnik --config \(config) messages list",
                    en: "Look inside:                vestnik messages list --config \(config)")(language))
        }
        if !once {
            lines.append(
                Words(
                    ru: kept
                        ? "Ctrl-C — остановить"
                        : "Ctrl-C — остановить; данные во временной папке, сохранить: --keep ПАПКА",
                    en: kept ? "Ctrl-C stops it" : "Ctrl-C stops it; the data is temporary, keep it with --keep DIR")(
                        language))
        }
        return "\n" + lines.joined(separator: "\n")
    }
}

/// What the demonstration sends, in its order.
enum DemoFile: String, CaseIterable {
    case reminders = "payment-reminders"
    case receipts = "e-receipts"
    case planned = "outage-planned"
    case emergency = "outage-emergency"
    case restored = "outage-restored"

    var title: Words {
        switch self {
        case .reminders: Words(ru: "напоминания об оплате", en: "payment reminders")
        case .receipts: Words(ru: "электронные квитанции", en: "e-receipts")
        case .planned: Words(ru: "плановое отключение", en: "planned outage")
        case .emergency: Words(ru: "авария", en: "emergency")
        case .restored: Words(ru: "вода снова есть", en: "water is back")
        }
    }
}
