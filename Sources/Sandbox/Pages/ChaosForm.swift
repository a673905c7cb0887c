import Domain

/// The chaos switches: one box for each kind of channel.
struct ChaosForm: Sendable {
    let asked: PageRequest
    let chaos: Chaos
    let hiddenFields: HTML

    private func say(_ words: Words) -> String { words(asked.language) }

    var html: HTML {
        let open: HTML = chaos.isCalm && !asked.isChaosWrong ? "" : " open"
        let tone: HTML = chaos.isCalm ? "calm" : "stormy"
        return """
            <details class="panel" id="chaos"\(open)><summary>\(say(PageWords.chaos)): <span class="\(tone)">\
            \(say(chaos.isCalm ? PageWords.calm : PageWords.stormy))</span></summary>
            \(asked.isChaosWrong ? "<p class=\"bad\" role=\"alert\">\(say(PageWords.badChaos))</p>" : "")
            <p>\(say(PageWords.chaosLead))</p>
            <form method="post" action="/chaos">\(hiddenFields)
            <div class="boxes">\(HTML(Chaos.groups.map(box)))\(common)</div>
            <p class="row"><button class="main">\(say(PageWords.apply))</button> \
            <button name="calm" value="1">\(say(PageWords.calmDown))</button></p>
            </form></details>
            """
    }

    private func box(_ group: (name: String, path: any WritableKeyPath<Chaos, Chaos.Switches> & Sendable)) -> HTML {
        // Only SMS has delivery reports.
        let knobs = Chaos.Switches.names.filter { group.name == "sms" || !$0.name.hasSuffix("report") }
        let fields = knobs.map { knob in
            number(
                "\(group.name).\(knob.name)", PageWords.chaosSwitch(knob.name, mail: group.name == "email"),
                chaos[keyPath: group.path][keyPath: knob.path], limit: 100)
        }
        return "<fieldset><legend>\(say(PageWords.group(group.name))), %</legend>\(HTML(fields))</fieldset>"
    }

    private var common: HTML {
        """
        <fieldset><legend>\(say(PageWords.other))</legend>
        \(number("retry_after_seconds", PageWords.retryAfter, chaos.retryAfter, limit: 86_400))
        \(number("delay_ms", PageWords.delay, chaos.delay, limit: 60_000))
        </fieldset>
        """
    }

    private func number(_ name: String, _ label: Words, _ value: Int, limit: Int) -> HTML {
        let tone: HTML = value > 0 && limit == 100 ? " class=\"on\"" : ""
        return """
            <label\(tone)><span>\(say(label))</span>\
            <input type="number" name="\(name)" value="\(value)" min="0" max="\(limit)" inputmode="numeric"></label>
            """
    }
}
