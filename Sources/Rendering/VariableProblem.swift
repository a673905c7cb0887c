package import Domain

/// What is wrong with one variable of a request. Said at accept: a missing value is never blank text in a message.
package struct VariableProblem: Error, Sendable, Hashable {
    package enum Fault: Sendable, Hashable {
        case missing
        case unknown(nearest: String?)
        case wrongType(VariableType)
        case forbiddenCharacter
        case tooLong(limit: Int)
        case tooManyRows(limit: Int)
    }
    /// `amount`, `charges/2/sum`: a JSON pointer below `variables`, without its first slash.
    package var path: String
    package var fault: Fault
    package init(path: String, fault: Fault) {
        self.path = path
        self.fault = fault
    }

    /// The API's word for it.
    package var code: String {
        switch fault {
        case .missing: "missing_variable"
        case .unknown: "unknown_field"
        case .wrongType, .forbiddenCharacter: "invalid_value"
        case .tooLong, .tooManyRows: "text_too_long"
        }
    }

    package var words: Words {
        switch fault {
        case .missing: Words(ru: "нет значения \(path)", en: "\(path) has no value")
        case .unknown(let near):
            Words(
                ru: "переменной \(path) у шаблона нет" + (near.map { "; может быть, \($0)?" } ?? ""),
                en: "the template has no variable \(path)" + (near.map { "; did you mean \($0)?" } ?? ""))
        case .wrongType(let type):
            Words(ru: "\(path): ожидается \(type.shape.ru)", en: "\(path): \(type.shape.en) is needed")
        case .forbiddenCharacter:
            Words(ru: "\(path): в значении управляющие знаки", en: "\(path): the value holds control characters")
        case .tooLong(let limit):
            Words(ru: "\(path): длиннее \(limit) байт", en: "\(path): longer than \(limit) bytes")
        case .tooManyRows(let limit):
            Words(ru: "\(path): больше \(limit) строк", en: "\(path): more than \(limit) rows")
        }
    }
}

extension VariableType {
    /// How a value is written, for people.
    package var shape: Words {
        switch self {
        case .text: Words(ru: "текст в кавычках", en: "text in quotes")
        case .money: Words(ru: "сумма строкой, как \"3250.50\"", en: "an amount as a string, like \"3250.50\"")
        case .date: Words(ru: "дата, как \"2026-12-15\"", en: "a date, like \"2026-12-15\"")
        case .month: Words(ru: "месяц, как \"2026-11\"", en: "a month, like \"2026-11\"")
        case .datetime:
            Words(ru: "дата и время, как \"2026-11-24T10:15\"", en: "a date and time, like \"2026-11-24T10:15\"")
        case .phone: Words(ru: "телефон, как \"+78001234567\"", en: "a phone, like \"+78001234567\"")
        case .url:
            Words(
                ru: "ссылка https:, tel: или mailto: латиницей", en: "a link with https:, tel: or mailto:, in ASCII")
        case .number: Words(ru: "целое число строкой, как \"3\"", en: "a whole number as a string, like \"3\"")
        case .flag: Words(ru: "true или false", en: "true or false")
        case .list: Words(ru: "список строк с полями", en: "a list of rows with fields")
        }
    }
}
