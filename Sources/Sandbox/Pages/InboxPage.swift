import Domain
import Foundation

/// The whole page: head, tabs, list, one message.
struct InboxPage: Sendable {
    struct Ports: Sendable {
        let http: Int
        let smtp: Int
    }

    let asked: PageRequest
    /// Newest first.
    let messages: [CapturedMessage]
    /// The one to show beside the list; on a phone only when it was asked for.
    let selected: CapturedMessage?
    let counts: [Channel: Int]
    let latest: Int
    let chaos: Chaos
    let ports: Ports
    let style: String
    let script: String

    private func say(_ words: Words) -> String { words(asked.language) }

    var html: HTML {
        """
        <!doctype html>
        <html lang="\(asked.language.rawValue)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex, nofollow">
        <title>\(title)</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="\(style)">
        <script src="\(script)" defer></script>
        </head>
        <body data-latest="\(latest)">
        <a class="skip" href="#messages">\(say(PageWords.skip))</a>
        \(header)
        <main class="\(asked.id == nil ? "browsing" : "reading")">
        \(listColumn)
        \(messageColumn)
        </main>
        \(footer)
        </body>
        </html>
        """
    }

    private var title: String {
        let own = asked.id == nil ? nil : selected.map { $0.subject ?? String($0.text.prefix(60)) }
        return [own, say(PageWords.title), say(PageWords.product)].compactMap { $0 }.joined(separator: " · ")
    }

    // MARK: Top and bottom

    private var header: HTML {
        let other: Language = asked.language == .ru ? .en : .ru
        return """
            <header class="top">
            <div class="brand"><h1><a href="\(asked.link { $0.id = nil; $0.tab = .all; $0.view = .view })">\
            \(say(PageWords.product)) <span>\(say(PageWords.title))</span></a></h1>
            <p>\(say(PageWords.lead))</p></div>
            <div class="actions">
            <a class="button" href="\(asked.link { $0.id = nil; $0.view = .view })" id="refresh">\(say(PageWords.refresh))</a>
            <a class="button" href="#chaos">\(say(PageWords.chaos)): <span class="\(chaos.isCalm ? "calm" : "stormy")">\
            \(say(chaos.isCalm ? PageWords.calm : PageWords.stormy))</span></a>
            <form method="post" action="/clear">\(hiddenFields)<button>\(say(PageWords.clear))</button></form>
            <a class="button quiet" href="\(asked.link { $0.language = other })" lang="\(other.rawValue)" \
            hreflang="\(other.rawValue)">\(other == .en ? "English" : "Русский")</a>
            </div>
            </header>
            <nav class="tabs" aria-label="\(say(PageWords.channels))"><ul>\(HTML(PageRequest.Tab.allCases.map(tab)))</ul></nav>
            <p class="fresh" id="fresh" role="status" hidden>\(say(PageWords.fresh)) \
            <a class="button" href="\(asked.link { $0.id = nil; $0.view = .view })">\(say(PageWords.show))</a></p>
            """
    }

    private func tab(_ tab: PageRequest.Tab) -> HTML {
        let count = counts.reduce(0) { sum, pair in
            tab.channels?.contains(pair.key) ?? true ? sum + pair.value : sum
        }
        let current: HTML = asked.tab == tab ? " aria-current=\"page\"" : ""
        let link = asked.link {
            $0.tab = tab; $0.id = nil; $0.view = .view
        }
        return "<li><a href=\"\(link)\"\(current)>\(say(tab.words)) <span class=\"count\">\(count)</span></a></li>"
    }

    /// So that a form comes back to the same tab and language.
    private var hiddenFields: HTML {
        """
        <input type="hidden" name="channel" value="\(asked.tab.rawValue)">\
        <input type="hidden" name="lang" value="\(asked.language.rawValue)">
        """
    }

    private var footer: HTML {
        """
        <footer>
        \(ChaosForm(asked: asked, chaos: chaos, hiddenFields: hiddenFields).html)
        \(magicTable)
        <p class="ports">SMTP <code>127.0.0.1:\(ports.smtp)</code> · HTTP <code>127.0.0.1:\(ports.http)</code> · \
        <a href="/sandbox/messages">REST</a></p>
        </footer>
        """
    }

    private var magicTable: HTML {
        let numbers = MagicNumber.allCases.map { row("+\($0.rawValue)", PageWords.outcome($0)) }
        let mailboxes = MagicMailbox.allCases.map { row("\($0.rawValue)…@", PageWords.outcome($0)) }
        return """
            <details class="panel"><summary>\(say(PageWords.magic))</summary>
            <p>\(say(PageWords.magicLead))</p>
            <div class="columns">
            <dl><dt class="head">\(say(PageWords.channel(.sms)))</dt>\(HTML(numbers))</dl>
            <dl><dt class="head">\(say(PageWords.channel(.email)))</dt>\(HTML(mailboxes))</dl>
            </div></details>
            """
    }

    private func row(_ address: String, _ outcome: Words) -> HTML {
        "<div><dt><code>\(address)</code></dt><dd>\(say(outcome))</dd></div>"
    }

    // MARK: List

    private var listColumn: HTML {
        """
        <section class="list" id="messages" aria-label="\(say(PageWords.messages))" tabindex="-1">
        \(messages.isEmpty ? nothing : "<ol>\(HTML(messages.map(item)))</ol>")
        </section>
        """
    }

    private var nothing: HTML {
        guard counts.isEmpty else { return "<p class=\"empty\">\(say(PageWords.emptyChannel))</p>" }
        let base = "http://127.0.0.1:\(ports.http)"
        return """
            <div class="empty"><h2>\(say(PageWords.empty))</h2><p>\(say(PageWords.emptyAdvice))</p>
            <dl>
            <div><dt>\(say(PageWords.channel(.email)))</dt><dd><code>smtp://127.0.0.1:\(ports.smtp)</code></dd></div>
            <div><dt>Kannel</dt><dd><code>\(base)/cgi-bin/sendsms</code></dd></div>
            <div><dt>SMSC</dt><dd><code>\(base)/sys/send.php</code></dd></div>
            <div><dt>SMS.ru</dt><dd><code>\(base)/sms/send</code></dd></div>
            <div><dt>MAX</dt><dd><code>\(base)/messages</code></dd></div>
            <div><dt>Telegram</dt><dd><code>\(base)/bot…/sendMessage</code></dd></div>
            </dl></div>
            """
    }

    private func item(_ message: CapturedMessage) -> HTML {
        let current: HTML =
            message.id == selected?.id ? (asked.id == nil ? " data-preview" : " aria-current=\"true\"") : ""
        let link = asked.link {
            $0.id = message.id; $0.view = .view
        }
        return """
            <li><a href="\(link)"\(current)>
            <span class="line"><span class="channel \(message.channel.rawValue)">\(say(PageWords.channel(message.channel)))</span> \
            <span class="to">\(ShownAddress.list(message))</span> \
            <time datetime="\(timestamp(message.at))">\(LocalClock.time(message.at))</time></span>
            <span class="gist">\(gist(message))</span>\(mark(message))</a></li>
            """
    }

    private func gist(_ message: CapturedMessage) -> String {
        if message.channel == .email { return MessagePane.subject(message, asked.language) }
        let plain = message.format == "html" ? MessengerText.plain(message.text) : message.text
        return String(plain.prefix(140))
    }

    private func mark(_ message: CapturedMessage) -> HTML {
        if !message.arrived { return "<span class=\"mark bad\">✗ \(say(PageWords.refused)): \(message.answer)</span>" }
        return message.answer == "—" ? "<span class=\"mark warn\">? \(say(PageWords.unanswered))</span>" : ""
    }

    // MARK: One message

    private var messageColumn: HTML {
        guard let selected else {
            return asked.id == nil
                ? "" : "<section class=\"message\"><p class=\"empty\">\(say(PageWords.gone))</p></section>"
        }
        return """
            <section class="message" aria-label="\(say(PageWords.message))">
            <p class="back"><a class="button" href="\(asked.link { $0.id = nil; $0.view = .view })">\(say(PageWords.back))</a></p>
            \(MessagePane(message: selected, asked: asked).html)
            </section>
            """
    }
}

/// Addresses as people write them.
enum ShownAddress {
    static func list(_ message: CapturedMessage) -> String {
        message.to.map { message.channel == .sms ? phone($0) : $0 }.joined(separator: ", ")
    }

    /// `+7 900 123-45-67` for Russian numbers, `+375…` for others; what is no phone stays.
    static func phone(_ text: String) -> String {
        guard let digits = phoneDigits(text) else { return text }
        guard digits.utf8.count == 11, digits.hasPrefix("7") else {
            return digits.utf8.count > 6 ? "+\(digits)" : digits
        }
        let all = Array(digits.utf8)
        func part(_ range: Range<Int>) -> String { String(decoding: all[range], as: UTF8.self) }
        return "+7\u{A0}\(part(1..<4))\u{A0}\(part(4..<7))-\(part(7..<9))-\(part(9..<11))"
    }
}

/// Times as the people at this machine read them.
enum LocalClock {
    static func time(_ date: Date) -> String {
        let parts = local(date)
        return [parts.tm_hour, parts.tm_min, parts.tm_sec].map(padded).joined(separator: ":")
    }

    static func full(_ date: Date) -> String {
        let parts = local(date)
        return "\(padded(parts.tm_mday)).\(padded(parts.tm_mon + 1)).\(parts.tm_year + 1900), \(time(date))"
    }

    private static func local(_ date: Date) -> tm {
        var parts = tm()
        var seconds = time_t(date.timeIntervalSince1970)
        localtime_r(&seconds, &parts)
        return parts
    }

    private static func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
