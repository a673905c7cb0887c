import Domain

/// What all pages of the documentation share: head, style, the way to the other language. No script, and nothing is loaded
/// from anywhere: `default-src 'none'; style-src 'unsafe-inline'` is enough for them.
struct DocsFrame {
    let title: String
    let language: Language
    /// Of this page, without `?lang=`.
    let path: String
    let body: Markup

    var html: [UInt8] {
        let other: Language = language == .ru ? .en : .ru
        let say = { (words: Words) in words(language) }
        let page: Markup = """
            <!doctype html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title) · Vestnik</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <a class="skip" href="#main">\(say(Words(ru: "К содержанию", en: "To the content")))</a>
            <header><nav aria-label="\(say(Words(ru: "Документация", en: "Documentation")))">
            <a href="/docs/api?lang=\(language.rawValue)">\(say(Words(ru: "API", en: "API")))</a>
            <a href="/docs/errors?lang=\(language.rawValue)">\(say(Words(ru: "Коды ошибок", en: "Error codes")))</a>
            <a href="/openapi.json">OpenAPI</a>
            <a href="\(path)?lang=\(other.rawValue)" lang="\(other.rawValue)" hreflang="\(other.rawValue)">\
            \(Words(ru: "Русский", en: "English")(other))</a>
            </nav></header>
            <main id="main">
            <h1>\(title)</h1>
            \(body)
            </main>
            </body>
            </html>

            """
        return page.bytes
    }

    /// Text has a contrast of at least 4.5 : 1 in both themes; wide tables and examples scroll inside themselves.
    private static let style: Markup = """
        :root{color-scheme:light dark;--bg:#fff;--card:#f4f6f8;--fg:#1b1f24;--muted:#4a5560;--accent:#0b57a4;--line:#c5ccd3;--focus:#b35c00}
        @media (prefers-color-scheme:dark){:root{--bg:#0f1419;--card:#182027;--fg:#e8ebee;--muted:#aeb8c2;--accent:#7db8ff;--line:#39434d;--focus:#ffb454}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
        header,main{max-width:960px;margin:0 auto;padding:12px 16px}
        nav{display:flex;flex-wrap:wrap;gap:4px 20px}
        nav a{display:inline-block;padding:10px 0}
        a{color:var(--accent)}
        :focus-visible{outline:3px solid var(--focus);outline-offset:2px}
        h1{font-size:24px;line-height:1.3;margin:8px 0 12px}
        h2{font-size:20px;margin:36px 0 8px;padding-top:12px;border-top:1px solid var(--line)}
        h3{font-size:17px;margin:28px 0 4px}
        h4{font-size:16px;margin:16px 0 4px}
        p{margin:6px 0}
        code,pre{font:14px/1.5 ui-monospace,"DejaVu Sans Mono",monospace}
        pre{background:var(--card);padding:12px;border-radius:8px;overflow-x:auto;overflow-wrap:normal}
        .wide{overflow-x:auto}
        table{border-collapse:collapse;width:100%}
        th,td{text-align:left;vertical-align:top;padding:6px 12px 6px 0;border-bottom:1px solid var(--line)}
        th{color:var(--muted);font-weight:600}
        .muted{color:var(--muted)}
        .skip{position:absolute;left:-999px;top:0;padding:10px 16px;background:var(--bg)}
        .skip:focus{left:8px;top:8px}
        """
}
