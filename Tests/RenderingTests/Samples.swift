import Domain
@testable import Rendering

extension TemplateSource {
    /// A template of one part, or of a mail; `wrong` in a name would be a bad sample, so samples stay empty.
    static func sample(
        _ part: Part, _ text: String, variables: [VariableDeclaration] = [VariableDeclaration("name", .text)],
        group: Bool = false, partials: [String: String] = [:]
    ) -> TemplateSource {
        var parts = [part.rawValue: text]
        if part == .mailHTML { parts[Part.subject.rawValue] = "Тема" }
        if part == .subject { parts[Part.mailHTML.rawValue] = "<p>x</p>" }
        return TemplateSource(
            id: "test", purpose: "news", group: group, variables: variables, parts: ["ru": parts], partials: partials)
    }
}

extension Template {
    init(_ source: TemplateSource) throws(TemplateError) { try self.init(compiling: source, version: "sha256:00") }
}

extension RenderingContext {
    static let sample = RenderingContext(
        organisation: Organisation(
            name: "УК «Наш дом»", phone: "88005553535", site: "https://dom.example", payURL: "https://pay.dom.example",
            address: "ул. Ленина, 1", hours: "по будням с 9 до 18", emergencyPhone: "+78435550112"),
        recipientName: "Анна Сергеевна", account: "0045-12", preferencesURL: "https://dom.example/p/7Fq2xK9aLwe",
        unsubscribeURL: "https://dom.example/u/7Fq2xK9aLwe")
    static let bare = RenderingContext(organisation: Organisation(name: "УК", phone: "88005553535"))
}

extension Place {
    func write(_ value: String, into output: inout [UInt8]) -> Bool { value.withBytes { write($0, into: &output) } }
}
