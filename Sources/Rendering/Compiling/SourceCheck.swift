import Domain

/// What must hold of a template before its texts are read: names, declarations, buttons, samples.
struct SourceCheck {
    private let source: TemplateSource
    init(_ source: TemplateSource) { self.source = source }

    private func error(_ fault: TemplateFault, _ file: String? = nil) -> TemplateError {
        TemplateError(file: "\(source.id)/" + (file ?? "template.yaml"), fault: fault)
    }

    /// - Returns: the purpose, once all else is in order.
    func purpose() throws(TemplateError) -> PurposeID {
        guard isTemplateID(source.id) else { throw error(.badID(source.id)) }
        guard let purpose = PurposeID(source.purpose) else { throw error(.badPurpose(source.purpose)) }
        try declarations(source.variables, inList: false)
        for button in source.buttons { try check(button) }
        try parts()
        var names: Set<String> = []
        for sample in source.samples {
            guard names.insert(sample.name).inserted else { throw error(.repeatedName(sample.name)) }
            if let problem = ValueCheck.problems(in: sample.values, declared: source.variables).first {
                throw error(.badSample(sample.name, problem))
            }
        }
        return purpose
    }

    private func declarations(_ all: [VariableDeclaration], inList: Bool) throws(TemplateError) {
        var names: Set<String> = []
        for one in all {
            guard isName(Array(one.name.utf8)) else { throw error(.badName(one.name)) }
            guard !["org", "recipient", "link"].contains(one.name) else { throw error(.reservedName(one.name)) }
            guard names.insert(one.name).inserted else { throw error(.repeatedName(one.name)) }
            guard (one.type == .list) == !one.fields.isEmpty, !(inList && one.type == .list) else {
                throw error(.badDeclaration(one.name))
            }
            try declarations(one.fields, inList: true)
        }
    }

    private func check(_ button: ButtonDeclaration) throws(TemplateError) {
        let name = button.title[Template.fallback] ?? button.title.values.sorted().first ?? ""
        let titlesFit = button.title.values.allSatisfy { title in
            !CleanText.isBlank(title) && title.unicodeScalars.count <= 40 && !title.utf8.contains(UInt8(ascii: "{"))
        }
        let urls = button.urls.allSatisfy { name in
            HouseWord(rawValue: name)?.type == .url || source.variables.contains { $0.name == name && $0.type == .url }
        }
        guard !button.title.isEmpty, titlesFit, !button.urls.isEmpty, urls else { throw error(.badButton(name)) }
    }

    private func parts() throws(TemplateError) {
        guard source.parts.values.contains(where: { !$0.isEmpty }) else { throw error(.noParts) }
        for (locale, texts) in source.parts.sorted(by: { $0.key < $1.key }) {
            for name in texts.keys.sorted() where Part(rawValue: name) == nil {
                throw error(.unknownPart(name), "\(locale)/\(name)")
            }
            let mail = [Part.subject, .mailHTML, .mailText].map { texts[$0.rawValue] != nil }
            if mail.contains(true), !(mail[0] && mail[1]) { throw error(.halfAMail, locale) }
        }
    }
}

/// `payment-reminder`: it is a folder, a JSON value and part of a file name.
private func isTemplateID(_ id: String) -> Bool {
    let bytes = Array(id.utf8)
    guard (1...64).contains(bytes.count), let first = bytes.first, (0x61...0x7A).contains(first) else { return false }
    return bytes.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
}
