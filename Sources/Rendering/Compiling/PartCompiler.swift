import Domain

/// The second half of compiling: pieces → a program, with every name, filter, type and place checked. What it lets
/// through can fail at render only by its size.
struct PartCompiler {
    private let source: TemplateSource
    private let part: Part
    private let locale: String
    private let declared: [String: Int]
    private var program = Program()
    private var markup: MarkupReader?
    private var open: [OpenSection] = []
    private var including: [String] = []
    private var piecesLeft = 20_000

    private struct OpenSection {
        let name: String
        let inverted: Bool
        let list: VariableDeclaration?
        let reference: Reference
        let start: Int
        let elements: [String]
        let state: MarkupReader.State?
        let line: Int
    }

    static func compile(_ part: Part, of source: TemplateSource, locale: String) throws(TemplateError) -> Program {
        var compiler = PartCompiler(part, of: source, locale: locale)
        let file = "\(source.id)/\(locale)/\(part.rawValue)"
        try compiler.add(source.parts[locale]?[part.rawValue] ?? "", file: file)
        do throws(TemplateFault) { try compiler.markup?.finish() } catch {
            throw TemplateError(file: file, fault: error)
        }
        return compiler.program
    }

    private init(_ part: Part, of source: TemplateSource, locale: String) {
        self.source = source
        self.part = part
        self.locale = locale
        declared = Dictionary(source.variables.enumerated().map { ($1.name, $0) }) { first, _ in first }
        markup = part.markup.map(MarkupReader.init)
    }

    private mutating func add(_ text: String, file: String) throws(TemplateError) {
        let outside = open.count
        for piece in try PieceReader.pieces(of: text, file: file) {
            func place(_ fault: TemplateFault, _ lines: Int = 0) -> TemplateError {
                TemplateError(file: file, line: piece.line + lines, fault: fault)
            }
            piecesLeft -= 1
            guard piecesLeft > 0 else { throw place(.tooLarge) }
            switch piece.kind {
            case .literal(let bytes):
                try markup?.read(bytes, fault: place)
                literal(bytes)
                guard program.literals.count <= part.limit else { throw place(.tooLarge) }
            case .partial(let name): try include(name, place)
            case .slot(let name, let filter, let arguments):
                do throws(TemplateFault) { try slot(name, filter, arguments) } catch { throw place(error) }
            case .open(let name):
                do throws(TemplateFault) { try begin(name, inverted: false, line: piece.line) } catch {
                    throw place(error)
                }
            case .inverted(let name):
                do throws(TemplateFault) { try begin(name, inverted: true, line: piece.line) } catch {
                    throw place(error)
                }
            case .close(let name):
                do throws(TemplateFault) { try end(name, outside: outside) } catch { throw place(error) }
            }
        }
        if open.count > outside, let section = open.last {
            throw TemplateError(file: file, line: section.line, fault: .unclosedSection(section.name))
        }
    }

    private mutating func literal(_ bytes: ArraySlice<UInt8>) {
        let start = program.literals.count, end = start + bytes.count
        program.literals += bytes
        // Not over the start of a section: its loop begins with its own literal.
        if case .literal(let before)? = program.instructions.last,
            open.last.map({ $0.start < program.instructions.count }) ?? true,
            !endsSection(program.instructions.count)
        {
            program.instructions[program.instructions.count - 1] = .literal(before.lowerBound..<end)
        } else {
            program.instructions.append(.literal(start..<end))
        }
    }

    /// Whether a section already closed ends right here, so that what follows must be an instruction of its own.
    private func endsSection(_ index: Int) -> Bool { lastSectionEnd == index }
    private var lastSectionEnd = -1

    private mutating func include(
        _ name: String, _ place: (TemplateFault, Int) -> TemplateError
    ) throws(TemplateError) {
        guard isPartialName(name) else { throw place(.badPartialName(name), 0) }
        guard let found = source.partial(name, locale: locale) else { throw place(.noPartial(name), 0) }
        guard !including.contains(found.path) else { throw place(.includesItself(name), 0) }
        guard including.count < 8 else { throw place(.tooDeep, 0) }
        including.append(found.path)
        try add(found.text, file: "_partials/\(found.path)")
        including.removeLast()
    }

    // MARK: names

    private func resolve(_ name: String) throws(TemplateFault) -> (Reference, VariableType, VariableDeclaration?) {
        if let row, let place = row.fields.firstIndex(where: { $0.name == name }) {
            return (.field(place), row.fields[place].type, row.fields[place])
        }
        if let place = declared[name] {
            return (.variable(place), source.variables[place].type, source.variables[place])
        }
        if let word = HouseWord(rawValue: name) { return (.house(word), word.type, nil) }
        let known = declared.keys.sorted() + HouseWord.allCases.map(\.rawValue) + (row?.fields.map(\.name) ?? [])
        throw .undeclared(name, nearest: nearestName(to: name, among: known))
    }

    /// The list whose row we are in.
    private var row: VariableDeclaration? { open.last { $0.list != nil }?.list }

    /// Whether the value is there whenever this place is rendered.
    private func isAssured(_ reference: Reference, _ declaration: VariableDeclaration?) -> Bool {
        if open.contains(where: { !$0.inverted && $0.reference == reference }) { return true }
        let hidden = source.group && part == .messenger
        return switch reference {
        case .house(let word): word.isAssured
        case .variable, .field: declaration.map { $0.required && !(hidden && $0.personal) } ?? false
        }
    }

    // MARK: slots and sections

    private mutating func slot(_ name: String, _ filterName: String?, _ arguments: [String]) throws(TemplateFault) {
        let (reference, type, declaration) = try resolve(name)
        if type == .list { throw .listAsValue(name) }
        if type == .flag { throw .flagAsValue(name) }
        guard isAssured(reference, declaration) else { throw .mayBeMissing(name) }
        let place = try markup?.place(of: name, type) ?? part.textPlace
        let filter = try filterName.map { name throws(TemplateFault) in try Filter.named(name, arguments: arguments) }
        try check(filter, filterName ?? "", name, type, place)
        let foreign = type == .text && !name.utf8.starts(with: "org.".utf8)
        program.instructions.append(.slot(program.slots.count))
        program.slots.append(
            Slot(name: name, reference: reference, type: type, filter: filter, place: place, fromOutside: foreign))
    }

    private func check(
        _ filter: Filter?, _ filterName: String, _ name: String, _ type: VariableType, _ place: Place
    ) throws(TemplateFault) {
        if let filter {
            guard filter.types.contains(type), place != .telephone, place != .link else {
                throw .filterOnType(filter: filterName, type: type)
            }
            return
        }
        let needed = Filter.required(for: type)
        if !needed.isEmpty, place != .telephone { throw .needsFilter(name, filters: needed) }
    }

    private mutating func begin(_ name: String, inverted: Bool, line: Int) throws(TemplateFault) {
        guard open.count < 16 else { throw .tooDeep }
        let (reference, type, declaration) = try resolve(name)
        if let markup, !markup.allowsSection() {
            if case .value = markup.state { throw .sectionInLink(name) }
            throw .sectionCrossesMarkup(name)
        }
        let list = type == .list && !inverted ? declaration : nil
        if list != nil, row != nil { throw .nestedList(name) }
        open.append(
            OpenSection(
                name: name, inverted: inverted, list: list, reference: reference, start: program.instructions.count + 1,
                elements: markup?.elements ?? [], state: markup?.state, line: line))
        // Its place; what it is and where it ends is known at its end.
        program.instructions.append(.literal(0..<0))
    }

    private mutating func end(_ name: String, outside: Int) throws(TemplateFault) {
        guard open.count > outside, let section = open.last else { throw .strayClose(name) }
        guard section.name == name else { throw .crossedSections(open: section.name, closed: name) }
        guard section.elements == markup?.elements ?? [], section.state == markup?.state else {
            throw .sectionCrossesMarkup(name)
        }
        open.removeLast()
        let end = program.instructions.count
        lastSectionEnd = end
        program.instructions[section.start - 1] =
            if section.list != nil, case .variable(let list) = section.reference {
                .loop(list: list, end: end)
            } else if section.inverted {
                .inverted(section.reference, end: end)
            } else {
                .section(section.reference, end: end)
            }
    }
}

extension TemplateSource {
    /// The locale's own partial, or the one for all locales.
    func partial(_ name: String, locale: String) -> (path: String, text: String)? {
        for path in ["\(locale)/\(name)", "shared/\(name)"] {
            if let text = partials[path] { return (path, text) }
        }
        return nil
    }

    /// The same source without the partials that none of its parts reaches: they are no part of its version.
    package func withReachedPartials() -> TemplateSource {
        var reached: Set<String> = []
        for (locale, texts) in parts {
            var waiting = Array(texts.values)
            while let text = waiting.popLast() {
                for name in (try? PieceReader.pieces(of: text, file: ""))?.compactMap(\.partialName) ?? [] {
                    guard let found = partial(name, locale: locale), reached.insert(found.path).inserted else {
                        continue
                    }
                    waiting.append(found.text)
                }
            }
        }
        var copy = self
        copy.partials = partials.filter { reached.contains($0.key) }
        return copy
    }
}

extension Piece {
    fileprivate var partialName: String? {
        if case .partial(let name) = kind { name } else { nil }
    }
}

/// `foot.html`: letters, digits, `-`, `_` and one dot; no folders, so no way out of `_partials`.
func isPartialName(_ name: String) -> Bool {
    let halves = Array(name.utf8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return halves.count == 2 && name.utf8.count <= 64
        && halves.allSatisfy { half in
            !half.isEmpty
                && half.allSatisfy {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
                        || $0 == UInt8(ascii: "_")
                }
        }
}
