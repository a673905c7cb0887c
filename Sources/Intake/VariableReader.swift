import Domain

/// Text, true or false, or rows of them. Numbers are refused: 3250.1 has become 3250.0999 somewhere before.
enum VariableReader {
    static func variables(_ fields: inout Fields) -> Variables {
        fields.take("variables") { fields, value in
            guard var inside = fields.object(value) else { return nil }
            let variables = row(&inside, nested: true)
            fields.close(inside)
            return variables
        } ?? [:]
    }

    private static func row(_ fields: inout Fields, nested: Bool) -> [String: Variable] {
        var row: [String: Variable] = [:]
        for name in fields.names {
            row[name] = fields.take(name) { fields, value in variable(value, &fields, nested: nested) }
        }
        return row
    }

    private static func variable(_ value: JSON, _ fields: inout Fields, nested: Bool) -> Variable? {
        switch value {
        case .string(let text): return .text(text.nfc)
        case .bool(let flag): return .flag(flag)
        case .array(let items) where nested:
            var rows: [[String: Variable]] = []
            for (index, item) in items.enumerated() {
                guard var inside = fields.object(item, at: "\(index)") else { return nil }
                rows.append(row(&inside, nested: false))
                fields.close(inside)
            }
            return .list(rows)
        case .number:
            return fields.fail(
                .invalidValue,
                Words(ru: "числа пишутся текстом: \"3250.50\"", en: "numbers are written as text: \"3250.50\""))
        case .null, .object, .array:
            return fields.fail(
                .invalidValue,
                Words(
                    ru: "нужен текст, true, false или список строк", en: "text, true, false or a list of rows is needed"
                ))
        }
    }
}
