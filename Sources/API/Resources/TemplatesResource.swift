import Domain
import Intake
import Policy
import Rendering

/// `/v1/templates`: what can be said, which values it needs, and how it would read. A key that is bound to some templates
/// sees no others.
package struct TemplatesResource: Sendable {
    let reception: Reception
    package init(_ reception: Reception) { self.reception = reception }

    package var routes: [Route] {
        [
            Route(.get, "/v1/templates", .scope(.messagesRead), list),
            Route(.get, "/v1/templates/{id}", .scope(.messagesRead), show),
            Route(.post, "/v1/templates/{id}/render", .scope(.messagesRead), body: .small, render),
        ]
    }

    private func list(_ call: Call) async throws(Problem) -> Answer {
        let caller = try call.client(), shelf = reception.rules().accept.shelf
        let templates = shelf.ids.filter(caller.sees).compactMap(shelf.current)
        return .page(templates.map { TemplateJSON.template($0) }, next: nil)
    }

    private func show(_ call: Call) async throws(Problem) -> Answer {
        let preview = try preview(call), shelf = reception.rules().accept.shelf
        let versions = shelf.versions(of: preview.template.ref.id)
        return .json(TemplateJSON.template(preview.template, versions: versions))
    }

    private func render(_ call: Call) async throws(Problem) -> Answer {
        let preview = try preview(call)
        var fields = try RequestFields(try call.json())
        let sample = TemplateSample("request", fields.variables())
        let locale = fields.locale("locale") ?? "ru", channels = fields.channels("channels")
        try fields.finish()
        let texts = try preview(sample, channels: channels, locale: locale)
        return .json(
            .object(
                ("template", MessageJSON.template(preview.template.ref)),
                (
                    "addressee",
                    .object(
                        ("name", .string(TemplatePreview.addressee.name)),
                        ("account", .string(TemplatePreview.addressee.account)))
                ), ("texts", .array(texts.map { TemplateJSON.text($0.channel, $0.content) }))))
    }

    private func preview(_ call: Call) throws(Problem) -> TemplatePreview {
        let caller = try call.client(), accept = reception.rules().accept
        let id = call.parameters["id"] ?? ""
        if caller.sees(id), let preview = accept.preview(id) { return preview }
        let near = nearestName(to: id, among: accept.shelf.ids.filter(caller.sees))
        throw Problem(
            .notFound,
            Words(
                ru: "такого шаблона нет" + (near.map { "; может быть, \($0)?" } ?? "; какие есть: GET /v1/templates"),
                en: "there is no such template"
                    + (near.map { "; did you mean \($0)?" } ?? "; GET /v1/templates lists them")))
    }
}

extension Caller {
    fileprivate func sees(_ template: String) -> Bool { templates?.contains(template) != false }
}
