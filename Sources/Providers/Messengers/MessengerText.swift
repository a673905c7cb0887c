import Domain

/// What a messenger shows: marked-up text, and links as buttons under it.
struct MessengerText {
    /// HTML of the messenger's dialect, or plain text when the content has no HTML.
    let text: String
    let isHTML: Bool
    /// UTF-16 units that a person sees.
    let visibleUnits: Int
    /// Buttons that lead to a page, in order. Phones cannot be buttons: they stand in the text.
    let buttons: [Button]

    /// - Parameter buttonsAllowed: false where a message cannot carry them; then links stand in the text too.
    init(
        _ content: Content, for dialect: MessengerHTML.Dialect, buttonsAllowed: Bool = true
    ) throws(DeliveryFailure) {
        var buttons: [Button] = []
        var lines: [Button] = []
        for button in content.buttons {
            let url = button.url.utf8.map(\.lowered)
            guard url.allSatisfy({ (0x21...0x7E).contains($0) }),
                url.starts(with: "https://".utf8) || url.starts(with: "tel:".utf8)
            else { throw DeliveryFailure(.contentRejected, detail: "a button leads neither to https: nor to tel:") }
            if buttonsAllowed, url.starts(with: "https://".utf8) {
                buttons.append(button)
            } else {
                lines.append(button)
            }
        }
        self.buttons = buttons
        isHTML = content.html != nil
        let appended = lines.map { "\n" + $0.title + ": " + Self.shown($0.url) }.joined()
        if let html = content.html {
            let marked = MessengerHTML(html + MessengerHTML.escape(appended), for: dialect)
            (text, visibleUnits) = (marked.text, marked.visibleUnits)
        } else {
            text = Self.plain(content.text + appended)
            visibleUnits = text.utf16.count
        }
        guard visibleUnits > 0 else { throw DeliveryFailure(.contentRejected, detail: "the text is empty") }
    }

    private static func shown(_ url: String) -> String {
        url.utf8.map(\.lowered).starts(with: "tel:".utf8) ? String(decoding: url.utf8.dropFirst(4), as: UTF8.self) : url
    }

    private static func plain(_ text: String) -> String {
        String(decoding: text.utf8.filter { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A || $0 == 0x09 }, as: UTF8.self)
    }

    /// One button a row: titles of ours are long.
    func keyboard(_ key: (Button) -> JSONValue) -> JSONValue { .list(buttons.map { .list([key($0)]) }) }
}
