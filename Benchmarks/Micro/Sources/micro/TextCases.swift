import Domain
import Rendering

/// Escapers are no API of Rendering: they are measured through mails of one slot and hardly a literal; the value is 170 bytes.
let textCases: [Case] = [
    .pure("mail of one value in HTML text") {
        try one(Part.mailHTML, "<p>{{value}}</p>", text: sentence)
    },
    .pure("mail of one value in an attribute") {
        try one(Part.mailHTML, "<p title=\"{{value}}\">.</p>", text: sentence)
    },
    .pure("count SMS, Cyrillic, 2 parts") {
        let text = "К оплате 1017,27 руб. до 15 декабря. Показания примем до 25 числа. УК Наш дом, 8 800 100-20-30"
        return { _ in SMSParts(text) }
    },
    .pure("count SMS, Latin, 1 part") {
        let text = "K oplate 1017,27 rub. do 15 dekabrya. UK Nash dom"
        return { _ in SMSParts(text) }
    },
]

private let sentence =
    "Дом № 5 <корпус «Б»> & двор \"за углом\": д'Артаньян, кв. 12; вода, отопление, домофон и ещё `всё`."

private func one(_ part: Part, _ html: String, text: String) throws -> @Sendable (Int) throws -> Content {
    let template = try Template(
        compiling: TemplateSource(
            id: "one", purpose: "one", variables: [VariableDeclaration("value", .text)],
            parts: ["ru": ["subject.txt": "x", "email.txt": "x", part.rawValue: html]]),
        version: "sha256:00")
    return { _ in
        try template.render(.email, locale: "ru", variables: ["value": .text(text)], context: Samples.context)
    }
}
