package import Domain
package import Rendering

/// What a template says with somebody's values, channel by channel: for previews. Nobody is asked whether they may be
/// written to, and nothing is stored.
package struct TemplatePreview: Sendable {
    package let template: Template
    let organisation: RenderingContext.Organisation

    package init(_ template: Template, organisation: RenderingContext.Organisation) {
        self.template = template
        self.organisation = organisation
    }

    /// Made up, so that a name and an account are seen where the template says them.
    package static let addressee = (name: "Анна Сергеевна", account: "0045-12")

    /// - Parameters:
    ///   - channels: in this order; empty: all that the template has a text for.
    ///   - locale: Russian stands in where the template has no text in it.
    /// - Throws: everything that is wrong, as `/variables/amount`, `/channels/0`, or with no pointer where a text is too
    ///   long on a channel that nobody named.
    package func callAsFunction(
        _ sample: TemplateSample, channels: [Channel] = [], locale: String = "ru"
    ) throws(Problem) -> [Preview] {
        let unsayable = channels.enumerated().filter { !template.supports($0.element) }
            .map { RenderingError.noText($0.element).item(at: "/channels/\($0.offset)") }
        let sample = TemplateSample(sample.name, template.withFlags(sample.values))
        if let problem = Problem(of: template.items(wrongWith: sample.values) + unsayable) { throw problem }

        var previews: [Preview] = [], errors: [Problem.Item] = []
        for (place, channel) in (channels.isEmpty ? template.channels : channels).enumerated() {
            do throws(RenderingError) {
                previews.append(try template.preview(channel, sample: sample, locale: locale, context: context))
            } catch {
                errors.append(error.item(at: channels.isEmpty ? "" : "/channels/\(place)"))
            }
        }
        if let problem = Problem(of: errors) { throw problem }
        return previews
    }

    private var context: RenderingContext {
        RenderingContext(
            organisation: organisation, recipientName: Self.addressee.name, account: Self.addressee.account)
    }
}

extension Accept {
    /// Nil where there is no such template.
    package func preview(_ id: String) -> TemplatePreview? {
        shelf.current(id).map { TemplatePreview($0, organisation: organisation) }
    }
}
