import Domain

/// One message: as a person sees it, and behind tabs as its text, its bytes and its headers.
struct MessagePane: Sendable {
    let message: CapturedMessage
    let asked: PageRequest

    private func say(_ words: Words) -> String { words(asked.language) }

    var html: HTML {
        """
        <article>
        <h2>\(heading)</h2>
        \(facts)
        <nav class="views" aria-label="\(say(PageWords.message))"><ul>\(HTML(PageRequest.View.allCases.map(viewTab)))</ul></nav>
        <div class="content">\(content)</div>
        \(attachments)
        </article>
        """
    }

    private var heading: String {
        if message.channel == .email { return Self.subject(message, asked.language) }
        return "\(say(PageWords.channel(message.channel))) → \(ShownAddress.list(message))"
    }

    /// A recipient refused at RCPT leaves a trace without content.
    static func subject(_ message: CapturedMessage, _ language: Language) -> String {
        message.subject ?? (message.raw.isEmpty ? PageWords.noContent : PageWords.noSubject)(language)
    }

    private var facts: HTML {
        var rows: [HTML] = []
        func add(_ name: Words, _ value: String) {
            if !value.isEmpty { rows.append("<div><dt>\(say(name))</dt><dd>\(value)</dd></div>") }
        }
        if message.channel == .email { add(PageWords.to, message.to.joined(separator: ", ")) }
        add(PageWords.from, message.from)
        add(PageWords.at, LocalClock.full(message.at))
        add(PageWords.reference, message.reference ?? "")
        let tone: HTML = !message.arrived ? "bad" : message.answer == "—" ? "warn" : "ok"
        let verdict =
            !message.arrived
            ? "✗ \(say(PageWords.refused)): \(message.answer)"
            : message.answer == "—" ? "? \(say(PageWords.unanswered))" : "✓ \(message.answer)"
        rows.append("<div><dt>\(say(PageWords.answer))</dt><dd class=\"answer \(tone)\">\(verdict)</dd></div>")
        return "<dl class=\"facts\">\(HTML(rows))</dl>"
    }

    private func viewTab(_ view: PageRequest.View) -> HTML {
        let words =
            switch view {
            case .view: PageWords.view
            case .text: PageWords.text
            case .source: PageWords.source
            case .headers: PageWords.headers
            }
        let current: HTML = asked.view == view ? " aria-current=\"page\"" : ""
        return "<li><a href=\"\(asked.link { $0.id = message.id; $0.view = view })\"\(current)>\(say(words))</a></li>"
    }

    private var content: HTML {
        switch asked.view {
        case .view: message.channel == .email ? mail : phone
        case .text: message.text.isEmpty ? "<p class=\"empty\">\(say(PageWords.noText))</p>" : pre(message.text)
        case .source: pre(String(decoding: message.raw.prefix(512 << 10), as: UTF8.self))
        case .headers: headers
        }
    }

    private func pre(_ text: String) -> HTML { "<pre tabindex=\"0\">\(text)</pre>" }

    private var headers: HTML {
        guard !message.headers.isEmpty else { return "<p class=\"empty\">\(say(PageWords.noHeaders))</p>" }
        return
            "<dl class=\"headers\">\(HTML(message.headers.map { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>" }))</dl>"
    }

    // MARK: As a person sees it

    private var mail: HTML {
        guard message.html != nil else {
            return message.text.isEmpty
                ? "<p class=\"empty\">\(say(PageWords.noText))</p>" : "<div class=\"letter\">\(message.text)</div>"
        }
        return """
            <iframe class="letter" sandbox src="/mail/\(message.id)" title="\(say(PageWords.mailFrame))"></iframe>
            """
    }

    private var phone: HTML {
        """
        <div class="phone">
        <p class="caller">\(message.from.isEmpty ? say(PageWords.channel(message.channel)) : message.from)</p>
        <div class="talk">
        <div class="bubble">\(files)\(MessengerText.html(message))</div>
        \(HTML(message.buttons.map(buttonRow)))
        <p class="small">\(LocalClock.time(message.at))\(parts)</p>
        </div></div>
        """
    }

    private var parts: HTML {
        guard message.channel == .sms else { return "" }
        let count = SMSAlphabet.parts(message.text)
        return " · \(PageWords.parts(count, asked.language))"
    }

    private var files: HTML {
        HTML(message.attachments.map { "<span class=\"file\">\($0.name)</span>" })
    }

    private func buttonRow(_ row: [CapturedMessage.Button]) -> HTML {
        let buttons = row.map { button -> HTML in
            guard let url = button.url, MessengerText.isWeb(url) else {
                return "<span class=\"key\">\(button.text)</span>"
            }
            return "<a class=\"key\" href=\"\(url)\" rel=\"noreferrer noopener\">\(button.text)</a>"
        }
        return "<div class=\"keys\">\(HTML(buttons))</div>"
    }

    private var attachments: HTML {
        guard !message.attachments.isEmpty else { return "" }
        let rows = message.attachments.enumerated().map { index, file -> HTML in
            """
            <li><a class="button" href="/sandbox/messages/\(message.id)/attachments/\(index)" download>\(file.name)</a> \
            <span class="muted">\(file.type), \(size(file.bytes.count))</span></li>
            """
        }
        return "<section class=\"files\"><h3>\(say(PageWords.attachments))</h3><ul>\(HTML(rows))</ul></section>"
    }

    private func size(_ bytes: Int) -> String {
        let isRussian = asked.language == .ru
        return bytes < 1_024
            ? "\(bytes)\u{A0}\(isRussian ? "байт" : "bytes")"
            : "\((bytes + 512) / 1_024)\u{A0}\(isRussian ? "КБ" : "KB")"
    }
}
