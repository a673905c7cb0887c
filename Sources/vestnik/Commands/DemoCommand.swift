import ArgumentParser
import Domain
import Foundation

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Песочница, шлюз и два дома: настоящая очередь и настоящая доставка на этой машине",
        discussion: "Ничего не уходит в сеть. По окончании песочница остаётся открытой, пока не нажмёте Ctrl-C.")
    @OptionGroup var options: HouseOptions
    @Flag(help: "Закончить, когда всё отправлено · end when everything is sent") var once = false
    @Option(help: "Оставить базу и настройки в этой папке · keep the database and the configuration here") var keep:
        String?
    @Option(help: "Порт страницы песочницы; 0 — любой свободный · port of the inbox page") var httpPort = 0
    @Option(help: "Сколько ждать доставки, секунд · seconds to wait for delivery") var wait = 120

    func run() async throws {
        try await report(in: options.language) {
            let stage = try DemoStage(keep: keep, config: options.config, language: options.language)
            defer { stage.tidy() }
            try await stage.play(json: options.json, once: once, httpPort: httpPort, patience: .seconds(wait))
        }
    }
}
