import Domain

/// One message's values in the order in which the template declares them, looked up by name once. A text of which
/// nothing can be seen is as good as none.
struct Filling {
    private let values: FillingRow
    private let declared: [VariableDeclaration]
    private let isPublic: Bool

    /// - Parameter isPublic: a group reads it; what is declared personal counts as absent.
    init(_ values: Variables, declared: [VariableDeclaration], isPublic: Bool) {
        self.values = FillingRow(values, declared, isPublic)
        self.declared = declared
        self.isPublic = isPublic
    }

    func text(_ reference: Reference, _ row: FillingRow?, _ context: RenderingContext) -> String? {
        switch reference {
        case .variable(let place): values.text(place)
        case .field(let place): row?.text(place)
        case .house(let word): context.value(of: word)
        }
    }

    func isPresent(_ reference: Reference, _ row: FillingRow?, _ context: RenderingContext) -> Bool {
        switch reference {
        case .variable(let place): values.isPresent(place)
        case .field(let place): row?.isPresent(place) ?? false
        case .house(let word): context.value(of: word) != nil
        }
    }

    func rowCount(_ list: Int) -> Int { values.rows(list).count }

    func row(_ list: Int, _ number: Int) -> FillingRow {
        FillingRow(values.rows(list)[number], declared[list].fields, isPublic)
    }
}

/// Values in the order of their declarations: a message's, or those of one row of a list.
struct FillingRow {
    private let values: [Variable?]

    init(_ values: Variables, _ declared: [VariableDeclaration], _ isPublic: Bool) {
        self.values = declared.map { variable in
            if isPublic, variable.personal { return nil }
            let value = values[variable.name]
            if case .text(let text)? = value, CleanText.isBlank(text) { return nil }
            return value
        }
    }

    func text(_ place: Int) -> String? {
        guard case .text(let text)? = values[place] else { return nil }
        return text
    }

    func isPresent(_ place: Int) -> Bool {
        switch values[place] {
        case .text: true
        case .flag(let flag): flag
        case .list(let rows): !rows.isEmpty
        case nil: false
        }
    }

    func rows(_ place: Int) -> [Variables] {
        guard case .list(let rows)? = values[place] else { return [] }
        return rows
    }
}

/// A button with its links' names resolved.
struct ButtonProgram: Sendable {
    private let title: [String: String]
    private let links: [Reference]

    init(_ button: ButtonDeclaration, declared: [VariableDeclaration]) {
        title = button.title
        links = button.urls.compactMap { name in
            if let word = HouseWord(rawValue: name) { return .house(word) }
            return declared.firstIndex { $0.name == name }.map(Reference.variable)
        }
    }

    /// Nil where none of its links has a value.
    func button(_ locale: String, _ filling: Filling, _ context: RenderingContext) -> Button? {
        guard let url = links.lazy.compactMap({ filling.text($0, nil, context) }).first(where: LinkURL.isSafe),
            let title = title[locale] ?? title[Template.fallback] ?? title.values.min()
        else { return nil }
        return Button(title: title, url: url)
    }
}
