import Domain

/// Whether a value is what its type says. The same check at accept, for samples, and for the organisation's own words.
enum ValueCheck {
    static let longestText = 4_000
    static let mostRows = 500

    static func fault(of value: String, type: VariableType) -> VariableProblem.Fault? {
        guard value.utf8.count <= longestText else { return .tooLong(limit: longestText) }
        // Line breaks and tabs become spaces when rendered; the other control characters have no business in a value.
        guard value.utf8.allSatisfy({ $0 >= 0x20 ? $0 != 0x7F : $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) else {
            return .forbiddenCharacter
        }
        let fits =
            switch type {
            case .text: true
            case .money: Money(value) != nil
            case .date: CalendarDate.date(value) != nil
            case .month: CalendarDate.month(value) != nil
            case .datetime: CalendarDate.datetime(value) != nil
            case .phone: PhoneText(value) != nil
            case .url: LinkURL.isSafe(value)
            case .number: value.withBytes { Digits.value(of: $0, 1...9) } != nil
            case .flag, .list: false
            }
        return fits ? nil : .wrongType(type)
    }

    /// Problems of one set of values against its declarations: the variables of a message, or one row of a list.
    static func problems(
        in values: Variables, declared: [VariableDeclaration], path: String = ""
    ) -> [VariableProblem] {
        var problems: [VariableProblem] = []
        for declaration in declared {
            problems += self.problems(in: values[declaration.name], declaration, path: path + declaration.name)
        }
        let names = Set(declared.map(\.name))
        for stranger in values.keys.sorted() where !names.contains(stranger) {
            let near = nearestName(to: stranger, among: names.sorted())
            problems.append(VariableProblem(path: path + stranger, fault: .unknown(nearest: near)))
        }
        return problems
    }

    private static func problems(
        in value: Variable?, _ declaration: VariableDeclaration, path: String
    ) -> [VariableProblem] {
        func problem(_ fault: VariableProblem.Fault) -> [VariableProblem] {
            [VariableProblem(path: path, fault: fault)]
        }
        guard let value else { return declaration.required ? problem(.missing) : [] }
        switch (value, declaration.type) {
        case (.list(let rows), .list):
            if rows.isEmpty { return declaration.required ? problem(.missing) : [] }
            guard rows.count <= mostRows else { return problem(.tooManyRows(limit: mostRows)) }
            return rows.enumerated().flatMap { problems(in: $1, declared: declaration.fields, path: "\(path)/\($0)/") }
        case (.flag, .flag): return []
        case (.text(let text), let type) where type != .list && type != .flag:
            if text.utf8.isEmpty || (type == .text && text.utf8.count <= longestText && CleanText.isBlank(text)) {
                return declaration.required ? problem(.missing) : []
            }
            return fault(of: text, type: type).map(problem) ?? []
        case (.text, let type), (.flag, let type), (.list, let type): return problem(.wrongType(type))
        }
    }
}
