package import Domain

/// What is wrong in a template's own files. Found when templates are loaded, never while a message is rendered.
package struct TemplateError: Error, Sendable, Hashable {
    /// `payment-reminder/ru/sms.txt`, `_partials/ru/foot.html`: below the folder of templates.
    package var file: String
    /// 1 for the first; nil when the file as a whole is meant.
    package var line: Int?
    package var fault: TemplateFault
    package init(file: String, line: Int? = nil, fault: TemplateFault) {
        self.file = file
        self.line = line
        self.fault = fault
    }
}

package enum TemplateFault: Error, Sendable, Hashable {
    case unclosedTag, emptyTag, rawOutput, changedDelimiters, badName(String)
    case unclosedSection(String), strayClose(String), crossedSections(open: String, closed: String)
    case sectionCrossesMarkup(String), nestedList(String), sectionInLink(String)
    case undeclared(String, nearest: String?), badFilter(String, nearest: String?), badFilterArguments(String)
    case filterOnType(filter: String, type: VariableType), needsFilter(String, filters: [String])
    case mayBeMissing(String), listAsValue(String), flagAsValue(String)
    case badPartialName(String), noPartial(String), includesItself(String), tooDeep, tooLarge
    case slotOutsideText, unquotedAttribute, slotInAttribute(String), notALink(String), notAPhone(String)
    case strayLessThan, tagNotAllowed(String), attributeNotAllowed(String), unbalanced(open: String?, closed: String?)
    case unfinishedMarkup
    case badID(String), badPurpose(String), badDeclaration(String), repeatedName(String), reservedName(String)
    case badButton(String), badSample(String, VariableProblem), noParts, halfAMail, unknownPart(String)
    case notUTF8

    package var words: Words {
        switch self {
        case .unclosedTag: Words(ru: "«{{» без «}}» в той же строке", en: "\"{{\" without \"}}\" on the same line")
        case .emptyTag: Words(ru: "пустые скобки {{}}", en: "empty braces {{}}")
        case .rawOutput:
            Words(
                ru: "вывод без экранирования ({{{…}}}, {{&…}}) запрещён; пишите {{имя}}",
                en: "unescaped output ({{{…}}}, {{&…}}) is refused; write {{name}}")
        case .changedDelimiters: Words(ru: "разделители менять нельзя", en: "delimiters cannot be changed")
        case .badName(let name):
            Words(
                ru: "«\(name)» — не имя: строчные латинские буквы, цифры, _",
                en: "\"\(name)\" is not a name: lower-case Latin letters, digits, _")
        case .unclosedSection(let name):
            Words(ru: "раздел {{#\(name)}} не закрыт", en: "the section {{#\(name)}} is not closed")
        case .strayClose(let name):
            Words(ru: "{{/\(name)}} закрывает то, что не открыто", en: "{{/\(name)}} closes what is not open")
        case .crossedSections(let open, let closed):
            Words(
                ru: "открыт раздел \(open), а закрывается \(closed)",
                en: "section \(open) is open, but \(closed) is closed")
        case .sectionCrossesMarkup(let name):
            Words(
                ru: "раздел \(name) начинается и кончается в разных местах разметки",
                en: "section \(name) begins and ends at different places of the markup")
        case .nestedList(let name):
            Words(ru: "список \(name) внутри списка", en: "list \(name) inside a list")
        case .sectionInLink(let name):
            Words(ru: "раздел \(name) внутри href", en: "section \(name) inside href")
        case .undeclared(let name, let near):
            Words(
                ru: "переменная \(name) не объявлена в template.yaml" + (near.map { "; может быть, \($0)?" } ?? ""),
                en: "variable \(name) is not declared in template.yaml" + (near.map { "; did you mean \($0)?" } ?? ""))
        case .badFilter(let name, let near):
            Words(
                ru: "нет фильтра \(name)" + (near.map { "; может быть, \($0)?" } ?? ""),
                en: "there is no filter \(name)" + (near.map { "; did you mean \($0)?" } ?? ""))
        case .badFilterArguments(let name):
            Words(
                ru: "у фильтра \(name) не те слова; plural:подъезд,подъезда,подъездов",
                en: "filter \(name) has the wrong words; plural:one,few,many")
        case .filterOnType(let filter, let type):
            Words(
                ru: "фильтр \(filter) не для типа \(type.rawValue)",
                en: "filter \(filter) is not for type \(type.rawValue)")
        case .needsFilter(let name, let filters):
            Words(
                ru: "\(name) показывают фильтром: \(filters.joined(separator: ", "))",
                en: "\(name) is shown through a filter: \(filters.joined(separator: ", "))")
        case .mayBeMissing(let name):
            Words(
                ru: "\(name) может не быть: поставьте внутрь {{#\(name)}}…{{/\(name)}}",
                en: "\(name) may be missing: put it inside {{#\(name)}}…{{/\(name)}}")
        case .listAsValue(let name):
            Words(ru: "\(name) — список: {{#\(name)}}…{{/\(name)}}", en: "\(name) is a list: {{#\(name)}}…{{/\(name)}}")
        case .flagAsValue(let name):
            Words(
                ru: "\(name) — да или нет: {{#\(name)}}…{{/\(name)}}",
                en: "\(name) is a flag: {{#\(name)}}…{{/\(name)}}")
        case .badPartialName(let name):
            Words(
                ru: "«\(name)» — не имя вставки: только файл из _partials, без папок",
                en: "\"\(name)\" is not the name of a partial: only a file in _partials, no folders")
        case .noPartial(let name):
            Words(ru: "нет вставки \(name) в _partials", en: "there is no partial \(name) in _partials")
        case .includesItself(let name):
            Words(ru: "вставка \(name) включает сама себя", en: "partial \(name) includes itself")
        case .tooDeep: Words(ru: "слишком глубокая вложенность", en: "nested too deeply")
        case .tooLarge: Words(ru: "шаблон слишком велик", en: "the template is too large")
        case .slotOutsideText:
            Words(
                ru: "здесь разметка, а не текст: значение сюда поставить нельзя",
                en: "this is markup, not text: no value can stand here")
        case .unquotedAttribute:
            Words(ru: "значение атрибута должно быть в кавычках", en: "the attribute's value must be quoted")
        case .slotInAttribute(let name):
            Words(ru: "в атрибут \(name) значения не ставят", en: "no value can stand in attribute \(name)")
        case .notALink(let name):
            Words(
                ru: "\(name) — не ссылка: в href нужна переменная типа url",
                en: "\(name) is not a link: href needs a variable of type url")
        case .notAPhone(let name):
            Words(
                ru: "\(name) — не телефон: после tel: нужен тип phone",
                en: "\(name) is not a phone: tel: needs type phone")
        case .strayLessThan: Words(ru: "«<» вне разметки пишут как &lt;", en: "\"<\" outside of markup is written &lt;")
        case .tagNotAllowed(let name):
            Words(ru: "разметка <\(name)> здесь не допускается", en: "<\(name)> is not allowed here")
        case .attributeNotAllowed(let name):
            Words(ru: "атрибут \(name) здесь не допускается", en: "attribute \(name) is not allowed here")
        case .unbalanced(let open, let closed):
            Words(
                ru:
                    "разметка не парная: открыт \(open.map { "<\($0)>" } ?? "никто"), закрывается \(closed.map { "</\($0)>" } ?? "конец файла")",
                en:
                    "unbalanced markup: open \(open.map { "<\($0)>" } ?? "nothing"), closed \(closed.map { "</\($0)>" } ?? "end of file")"
            )
        case .unfinishedMarkup: Words(ru: "разметка обрывается", en: "the markup breaks off")
        case .badID(let id):
            Words(
                ru: "«\(id)» — не имя шаблона: строчные латинские буквы, цифры, -",
                en: "\"\(id)\" is not a template's name: lower-case Latin letters, digits, -")
        case .badPurpose(let text): Words(ru: "«\(text)» — не имя цели", en: "\"\(text)\" is not the name of a purpose")
        case .badDeclaration(let name):
            Words(
                ru: "переменная \(name): поля бывают у списка, у списка они обязательны и сами не списки",
                en: "variable \(name): only a list has fields, it must have some, and they are no lists")
        case .repeatedName(let name): Words(ru: "имя \(name) повторяется", en: "the name \(name) is repeated")
        case .reservedName(let name): Words(ru: "имя \(name) занято", en: "the name \(name) is taken")
        case .badButton(let title):
            Words(
                ru: "кнопка «\(title)»: нужны название до 40 знаков без {{ и хотя бы одна переменная типа url",
                en:
                    "button \"\(title)\": a title of up to 40 characters without {{ and at least one url variable are needed"
            )
        case .badSample(let name, let problem):
            Words(ru: "образец \(name): \(problem.words.ru)", en: "sample \(name): \(problem.words.en)")
        case .noParts: Words(ru: "в шаблоне нет ни одного текста", en: "the template has no text at all")
        case .halfAMail:
            Words(
                ru: "для письма нужны и subject.txt, и email.html", en: "a mail needs both subject.txt and email.html")
        case .unknownPart(let name):
            Words(
                ru: "файл \(name) здесь не бывает; бывают: \(Part.allCases.map(\.rawValue).joined(separator: ", "))",
                en: "file \(name) is not known here; known: \(Part.allCases.map(\.rawValue).joined(separator: ", "))")
        case .notUTF8: Words(ru: "файл не в UTF-8", en: "the file is not UTF-8")
        }
    }
}
