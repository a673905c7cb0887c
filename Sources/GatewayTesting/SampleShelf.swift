package import Domain
package import Rendering

/// Compiled templates by their ids, one version of each.
package struct SampleShelf: TemplateShelf {
    package let templates: [String: Template]
    package init(templates: [String: Template]) { self.templates = templates }

    package func current(_ id: String) -> Template? { templates[id] }
    package func template(_ ref: TemplateRef) -> Template? { templates[ref.id].flatMap { $0.ref == ref ? $0 : nil } }
    package var ids: [String] { templates.keys.sorted() }
}
