import ArgumentParser
import Domain
import Foundation

struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Поставить сообщения в очередь · enqueue messages",
        discussion: """
            vestnik send --template payment-reminder --to ls:0045-12 --var amount=3250.50 --var due=2026-12-15 --var period=2026-11
            vestnik send --template outage-emergency --to house:lenina-12 --var what="нет холодной воды" --var where="ул. Ленина, 12" --var since=2026-11-24T10:15
            vestnik send --file bills.ndjson          по одному телу POST /v1/messages на строку · one body per line
            """)
    @OptionGroup var options: HouseOptions
    @Option(help: "Шаблон · template") var template: String?
    @Option(help: "Цель; без неё — цель шаблона · purpose, the template's own without it") var purpose: String?
    @Option(
        help:
            "Кому: ls:0045-12, sms:+7…, email:имя@дом, max:123; residents:lenina-12[/подъезд] — каждому жителю дома · to whom"
    )
    var to: [String] = []
    @Option(name: .customLong("var"), help: "Переменная: имя=значение · variable, name=value") var variables: [String] =
        []
    @Option(help: "Каналы по порядку: max,sms · channels in order") var channels: String?
    @Option(help: "emergency, high, normal, bulk") var priority: String?
    @Option(help: "Не раньше, RFC 3339 · not before") var sendAt: String?
    @Option(help: "Не позже, RFC 3339 · not after") var expiresAt: String?
    @Option(help: "Ключ от повторов · idempotency key") var idempotencyKey: String?
    @Option(help: "Ваш номер · your reference") var reference: String?
    @Option(help: "Файл: по одному JSON на строку; «-» — из стандартного ввода · one JSON per line, - for stdin")
    var file: String?
    @Option(help: "Имя вашей системы: ключи от повторов у каждой свои · the calling system") var client = "cli"
    @Flag(help: "Проверить и показать тексты, ничего не сохраняя · check and show, store nothing") var dryRun = false

    func run() async throws {
        try await report(in: options.language) {
            let settings = try LoadedSettings.load(options)
            let requests = try await SendOrder(self, settings: settings).requests()
            let order = PagedOrder(
                label: Words(ru: "Ставлю в очередь", en: "Enqueueing"), options: options, settings: settings,
                dryRun: dryRun)
            let tally = try await order.carryOut(requests, stopped: stopped) {
                .send(requests: $0, client: client, dryRun: dryRun)
            }
            if !options.json {
                Console.error(closing(tally)(settings.language))
                if !dryRun { await (try? ReadingRoom.open(options))?.warnIfHeld() }
            }
            if tally.refused > 0 {
                throw ExitCode(
                    tally.carriedOut == 0 ? Failure.Code.badData.rawValue : Failure.Code.someFailed.rawValue)
            }
        }
    }

    /// Pages that were answered are stored; the one that failed is not, as a whole.
    private func stopped(_ tally: PagedOrder.Tally) -> Words {
        Words(
            ru:
                "Рассмотрено \(tally.done) из \(tally.total), остальные не приняты. С idempotency_key можно повторить всё; без него повторите с \(tally.done + 1)-го.",
            en:
                "\(tally.done) of \(tally.total) were dealt with, the rest were not accepted. With idempotency_key repeat all; without it go on from no. \(tally.done + 1)."
        )
    }

    private func closing(_ tally: PagedOrder.Tally) -> Words {
        let (accepted, failed) = (tally.carriedOut, tally.refused)
        if dryRun {
            return Words(
                ru: "Ничего не отправлено и не сохранено (пробный запуск): годных \(accepted), с ошибками \(failed).",
                en: "Nothing was sent or stored (dry run): \(accepted) good, \(failed) with errors.")
        }
        return Words(
            ru: "Принято \(accepted), отклонено \(failed). Дальше: vestnik messages list · vestnik logs --follow",
            en: "\(accepted) accepted, \(failed) refused. Next: vestnik messages list · vestnik logs --follow")
    }
}
