package import Domain

/// A template as one channel would show it, with the figures that people ask about before they send.
package struct Preview: Sendable, Hashable {
    package var channel: Channel
    package var sample: String
    package var content: Content
    /// Characters of the subject; mail programs on phones show about 40.
    package var subjectLength: Int?
    package var htmlBytes: Int?
    /// SMS only.
    package var sms: SMSParts?
}

extension Template {
    package func preview(
        _ channel: Channel, sample: TemplateSample, locale: String = "ru", context: RenderingContext
    ) throws(RenderingError) -> Preview {
        let content = try render(channel, locale: locale, variables: sample.values, context: context)
        return Preview(
            channel: channel, sample: sample.name, content: content,
            subjectLength: content.subject?.count, htmlBytes: content.html?.utf8.count,
            sms: channel == .sms ? SMSParts(content.text) : nil)
    }
}
