import Domain

/// What a page address asks for: language, tab, message, view. Makes the links to its neighbours.
struct PageRequest: Sendable {
    enum View: String, CaseIterable { case view, text, source, headers }
    enum Tab: String, CaseIterable {
        case all, email, sms, max, telegram

        var channels: Set<Channel>? {
            switch self {
            case .all: nil
            case .email: [.email]
            case .sms: [.sms]
            case .max: [.max, .maxChat]
            case .telegram: [.telegram]
            }
        }

        var words: Words {
            switch self {
            case .all: PageWords.all
            case .email: PageWords.channel(.email)
            case .sms: PageWords.channel(.sms)
            case .max: PageWords.channel(.max)
            case .telegram: PageWords.channel(.telegram)
            }
        }
    }

    var language = Language.ru
    var tab = Tab.all
    var id: Int?
    var view = View.view
    /// The form of the chaos switches did not understand what was typed.
    var isChaosWrong = false

    init(_ query: FormBody) {
        language = query["lang"].flatMap(Language.init) ?? .ru
        tab = query["channel"].flatMap(Tab.init) ?? .all
        id = query["id"].flatMap { Int($0) }
        view = query["view"].flatMap(View.init) ?? .view
        isChaosWrong = query["chaos"] == "wrong"
    }

    /// An address of the page like this one but for what `change` changes.
    func link(_ change: (inout PageRequest) -> Void = { _ in }) -> String {
        var target = self
        change(&target)
        var items: [String] = []
        if target.tab != .all { items.append("channel=\(target.tab.rawValue)") }
        if let id = target.id { items.append("id=\(id)") }
        if target.view != .view { items.append("view=\(target.view.rawValue)") }
        if target.language != .ru { items.append("lang=\(target.language.rawValue)") }
        return items.isEmpty ? "/" : "/?" + items.joined(separator: "&")
    }
}
