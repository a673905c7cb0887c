import ArgumentParser
import Domain
import Foundation

/// What every command understands.
struct HouseOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "Файл настроек · configuration file (VESTNIK_CONFIG, ./Config/vestnik.yaml, /etc/vestnik/vestnik.yaml)")
    var config: String?

    @Flag(name: .long, help: "Одна запись JSON на строку · one JSON object per line")
    var json = false

    @Option(name: .long, help: "Язык ответов: ru или en · language of the answers")
    var lang: LanguageOption?

    /// Flag, then `VESTNIK_LANG`, then Russian; the configuration file may say otherwise once it is read.
    var language: Language {
        lang?.language ?? ProcessInfo.processInfo.environment["VESTNIK_LANG"].flatMap(Language.init(rawValue:)) ?? .ru
    }
}

enum LanguageOption: String, ExpressibleByArgument, CaseIterable {
    case ru, en
    var language: Language { self == .ru ? .ru : .en }
}
