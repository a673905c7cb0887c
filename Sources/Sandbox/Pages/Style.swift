/// The look of the page. Colours are those of all Vestnik's pages: text has a contrast of at least 4.5 : 1, borders of
/// controls of 3 : 1, in both themes.
enum Style {
    static let favicon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b57a4"/>\
        <path d="M6 11h20v12H6z" fill="none" stroke="#fff" stroke-width="2.5" stroke-linejoin="round"/>\
        <path d="M6 12l10 7 10-7" fill="none" stroke="#fff" stroke-width="2.5" stroke-linejoin="round"/></svg>
        """

    static let sheet = """
        :root {
          color-scheme: light dark;
          --bg: #ffffff; --card: #f4f6f8; --bubble: #e3eaf1; --fg: #1b1f24; --muted: #4a5560;
          --accent: #0b57a4; --ok: #146c2e; --bad: #b3261e; --warn: #7a4b00;
          --control: #6b7681; --line: #c5ccd3; --focus: #b35c00; --frame: #6b7681;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --bg: #0f1419; --card: #182027; --bubble: #25303a; --fg: #e8ebee; --muted: #aeb8c2;
            --accent: #7db8ff; --ok: #6fd08c; --bad: #ff8a80; --warn: #f0b429;
            --control: #8b97a3; --line: #39434d; --focus: #ffb454; --frame: #39434d;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body {
          margin: 0; background: var(--bg); color: var(--fg);
          font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums;
        }
        h1, h2, h3, p, ul, ol, dl, dd { margin: 0; padding: 0; }
        ul, ol { list-style: none; }
        a { color: var(--accent); }
        code, pre { font: 14px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
        :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
        .muted, .small { color: var(--muted); }
        .ok { color: var(--ok); } .bad { color: var(--bad); } .warn { color: var(--warn); }
        .skip { position: absolute; left: -999px; top: 0; padding: 10px 16px; background: var(--bg); z-index: 2; }
        .skip:focus { left: 8px; top: 8px; }

        .button, button {
          display: inline-flex; align-items: center; justify-content: center; min-height: 44px; padding: 8px 16px;
          border: 1px solid var(--control); border-radius: 8px; background: var(--bg); color: var(--fg);
          font: inherit; text-decoration: none; cursor: pointer;
        }
        .button:hover, button:hover { border-color: var(--accent); color: var(--accent); }
        button.main { background: var(--accent); border-color: var(--accent); color: var(--bg); }
        button.main:hover { color: var(--bg); text-decoration: underline; }
        .quiet { border-color: transparent; color: var(--muted); }

        .top {
          display: flex; flex-wrap: wrap; gap: 12px 24px; align-items: center; justify-content: space-between;
          max-width: 1280px; margin: 0 auto; padding: 16px 24px 12px;
        }
        .brand { flex: 1 1 280px; }
        h1 { font-size: 22px; line-height: 1.3; }
        h1 a { color: inherit; text-decoration: none; }
        h1 span { font-weight: 400; color: var(--muted); }
        .brand p { color: var(--muted); }
        .actions { display: flex; flex-wrap: wrap; gap: 8px; }

        .tabs { border-bottom: 1px solid var(--line); }
        .tabs ul { display: flex; flex-wrap: wrap; max-width: 1280px; margin: 0 auto; padding: 0 12px; }
        .tabs a, .views a {
          display: inline-flex; align-items: center; gap: 8px; min-height: 44px; padding: 8px 12px; color: var(--fg);
          text-decoration: none; border-bottom: 3px solid transparent;
        }
        .tabs a:hover, .views a:hover { color: var(--accent); }
        .tabs [aria-current], .views [aria-current] {
          border-bottom-color: var(--accent); color: var(--accent); font-weight: 600;
        }
        .count {
          min-width: 26px; padding: 0 7px; border-radius: 12px; background: var(--card); color: var(--muted);
          font-size: 14px; font-weight: 400; text-align: center;
        }
        .fresh {
          display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; justify-content: center; padding: 8px 16px;
          background: var(--bubble);
        }
        .fresh[hidden] { display: none; }

        main {
          display: grid; grid-template-columns: minmax(300px, 5fr) 8fr; max-width: 1280px; margin: 0 auto;
          min-height: 60vh;
        }
        .list { border-right: 1px solid var(--line); min-width: 0; }
        .list:focus { outline: none; }
        .list > ol { max-height: 100vh; overflow-y: auto; position: sticky; top: 0; }
        .list li { border-bottom: 1px solid var(--line); }
        .list li a {
          display: block; padding: 10px 16px 12px 20px; color: inherit; text-decoration: none;
          border-left: 4px solid transparent;
        }
        .list li a:focus-visible { outline-offset: -4px; }
        .list li a:hover { background: var(--card); }
        .list li a[aria-current], .list li a[data-preview] { background: var(--card); border-left-color: var(--accent); }
        .line { display: flex; gap: 10px; align-items: baseline; font-size: 14px; color: var(--muted); }
        .line .channel { flex: none; font-weight: 600; color: var(--fg); }
        .line .to { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .gist {
          display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden;
          overflow-wrap: anywhere;
        }
        .mark {
          display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; font-size: 14px;
          overflow-wrap: anywhere;
        }
        .empty { padding: 32px 24px; color: var(--muted); }
        .empty h2 { color: var(--fg); font-size: 20px; }
        .empty dl { margin-top: 16px; }
        .empty dl div { padding: 6px 0; }
        .empty code { overflow-wrap: anywhere; }

        .message { min-width: 0; padding: 20px 24px 32px; }
        .back { display: none; margin-bottom: 12px; }
        .message h2 { font-size: 20px; line-height: 1.35; overflow-wrap: anywhere; }
        .facts { margin: 10px 0 12px; font-size: 14px; }
        .facts div, .headers div { display: grid; grid-template-columns: 150px 1fr; gap: 2px 12px; padding: 2px 0; }
        .facts dt, .headers dt { color: var(--muted); overflow-wrap: anywhere; }
        .facts dd, .headers dd { overflow-wrap: anywhere; }
        .views { border-bottom: 1px solid var(--line); }
        .views ul { display: flex; flex-wrap: wrap; }
        .content { padding-top: 16px; }
        .content .empty { padding: 16px 0; }
        .headers { font-size: 14px; }
        .headers div { padding: 6px 0; border-bottom: 1px solid var(--line); }
        pre {
          margin: 0; padding: 14px 16px; background: var(--card); border-radius: 8px; white-space: pre-wrap;
          overflow-wrap: anywhere; max-height: 70vh; overflow-y: auto;
        }
        .letter { border: 1px solid var(--line); border-radius: 8px; background: #ffffff; }
        iframe.letter { display: block; width: 100%; height: 680px; color-scheme: light; }
        div.letter { padding: 20px; color: #1b1f24; white-space: pre-wrap; overflow-wrap: anywhere; }

        .phone {
          width: 100%; max-width: 360px; min-height: 420px; margin: 4px auto 0; padding: 18px 14px 24px;
          border: 10px solid var(--frame); border-radius: 28px; background: var(--bg);
        }
        .caller {
          padding: 2px 0 10px; margin-bottom: 16px; border-bottom: 1px solid var(--line); font-weight: 600;
          text-align: center; overflow-wrap: anywhere;
        }
        .talk { max-width: 92%; }
        .bubble {
          padding: 10px 14px; border-radius: 4px 18px 18px 18px; background: var(--bubble); white-space: pre-wrap;
          overflow-wrap: anywhere;
        }
        .bubble blockquote { margin: 0; padding-left: 10px; border-left: 3px solid var(--accent); }
        .bubble pre { padding: 8px; }
        .file {
          display: block; margin-bottom: 8px; padding: 8px 12px; border: 1px solid var(--control); border-radius: 10px;
        }
        .keys { display: flex; gap: 6px; margin-top: 6px; }
        .key {
          flex: 1; display: flex; align-items: center; justify-content: center; min-height: 44px; padding: 6px 12px;
          border: 1px solid var(--control); border-radius: 12px; color: var(--accent); text-decoration: none;
          text-align: center; overflow-wrap: anywhere;
        }
        .small { margin-top: 6px; font-size: 14px; }
        .files { margin-top: 20px; }
        .files h3 { font-size: 16px; }
        .files li { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; padding-top: 8px; }
        .files .button { overflow-wrap: anywhere; }

        footer { max-width: 1280px; margin: 0 auto; padding: 16px 24px 32px; border-top: 1px solid var(--line); }
        .panel { border: 1px solid var(--line); border-radius: 10px; margin-bottom: 12px; }
        .panel summary { min-height: 44px; padding: 10px 16px; font-weight: 600; cursor: pointer; }
        .panel > p, .panel form, .columns { padding: 0 16px 14px; }
        .calm { font-weight: 400; color: var(--muted); }
        .stormy { color: var(--warn); font-weight: 600; }
        .button .calm, .button .stormy { margin-left: 5px; }
        .boxes { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(260px, 100%), 1fr)); gap: 12px; }
        fieldset { margin: 0; padding: 4px 14px 12px; border: 1px solid var(--line); border-radius: 8px; min-width: 0; }
        legend { padding: 0 6px; font-weight: 600; }
        label { display: flex; gap: 12px; align-items: center; justify-content: space-between; padding-top: 6px; }
        label.on span { color: var(--warn); font-weight: 600; }
        input {
          width: 92px; min-height: 44px; padding: 6px 10px; border: 1px solid var(--control); border-radius: 8px;
          background: var(--bg); color: var(--fg); font: inherit; text-align: right;
        }
        .row { display: flex; flex-wrap: wrap; gap: 8px; padding-top: 14px; }
        .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 8px 32px; }
        .columns div { display: grid; grid-template-columns: 140px 1fr; gap: 0 12px; padding: 4px 0; }
        .columns .head { font-weight: 600; }
        .ports { color: var(--muted); overflow-wrap: anywhere; }
        .ports a { display: inline-flex; align-items: center; min-height: 44px; }

        @media (max-width: 820px) {
          .top { padding: 12px 16px; }
          .tabs ul { padding: 0 4px; }
          .tabs a { padding: 8px 9px; }
          main { display: block; min-height: 0; }
          .list { border-right: 0; }
          .list > ol { max-height: none; position: static; }
          .browsing .message, .reading .list { display: none; }
          .list li a[data-preview] { background: none; border-left-color: transparent; }
          .message { padding: 12px 16px 24px; }
          .back { display: block; }
          .facts div, .headers div, .columns div { grid-template-columns: 1fr; }
          footer { padding: 16px; }
        }
        @media (max-width: 480px) {
          .brand p { font-size: 14px; }
          .views a { padding: 8px; }
          .phone { border-width: 6px; padding: 14px 10px 20px; }
        }
        @media (prefers-reduced-motion: no-preference) {
          .button, button, .list li a { transition: background-color .12s, border-color .12s; }
        }
        @media print {
          .actions, .tabs, .list, .views, footer, .back, .skip { display: none; }
          main { display: block; }
        }

        """
}
