/// Knows, byte by byte, whether a template's text is between tags, inside a quoted attribute or where no value may
/// stand. It reads only what template authors wrote, is strict with them, and does not build a document.
struct MarkupReader {
    enum Dialect: Sendable { case document, messenger }

    enum State: Hashable {
        case text, opened, elementName, closingName, closingEnd, inElement, selfClosing
        case attributeName, attributeGap, beforeValue, value(quote: UInt8)
        case declaration, comment, style
    }

    private(set) var state = State.text
    /// Elements that are open, outermost first.
    private(set) var elements: [String] = []
    private let dialect: Dialect
    private var word: [UInt8] = []
    private var attribute = ""
    /// What the template wrote in the present attribute before its first slot.
    private var prefix: [UInt8] = []
    private var holdsSlot = false

    init(_ dialect: Dialect) { self.dialect = dialect }

    private static let void: Set<String> = ["br", "hr", "img", "meta", "link", "col", "input", "wbr"]
    private static let refused: Set<String> = ["script", "iframe", "object", "embed", "form", "base", "svg", "math"]
    private static let messenger: Set<String> = [
        "b", "strong", "i", "em", "u", "s", "a", "code", "pre", "blockquote",
    ]
    /// Attributes in which a value is only read, never loaded, run or styled.
    private static let readable: Set<String> = ["title", "alt", "lang", "aria-label", "summary"]

    mutating func read(_ bytes: some Sequence<UInt8>, fault: (TemplateFault, Int) -> TemplateError)
        throws(TemplateError)
    {
        var lines = 0
        for byte in bytes {
            do throws(TemplateFault) { try step(byte) } catch { throw fault(error, lines) }
            if byte == 0x0A { lines += 1 }
        }
    }

    /// Where a slot would stand now.
    mutating func place(of name: String, _ type: VariableType) throws(TemplateFault) -> Place {
        switch state {
        case .text: return dialect == .messenger ? .messengerText : .htmlText
        case .beforeValue: throw .unquotedAttribute
        case .value:
            defer { holdsSlot = true }
            if attribute == "href" { return try linkPlace(of: name, type) }
            guard Self.readable.contains(attribute) else { throw .slotInAttribute(attribute) }
            return dialect == .messenger ? .messengerAttribute : .attribute
        default: throw .slotOutsideText
        }
    }

    private func linkPlace(of name: String, _ type: VariableType) throws(TemplateFault) -> Place {
        if holdsSlot { return .linkPiece }
        if prefix.isEmpty {
            guard type == .url else { throw .notALink(name) }
            return .link
        }
        if prefix.elementsEqual("tel:".utf8) {
            guard type == .phone else { throw .notAPhone(name) }
            return .telephone
        }
        // After the host's end: a value may be a piece of path or query, never of the host.
        guard let rest = prefix.rest(after: "https://"), rest.contains(UInt8(ascii: "/")) else { throw .notALink(name) }
        return .linkPiece
    }

    /// Whether a section may begin or end here.
    func allowsSection() -> Bool {
        switch state {
        case .text: true
        case .value: attribute != "href"
        default: false
        }
    }

    /// The element that was never closed, for the end of the file.
    func finish() throws(TemplateFault) {
        guard state == .text else { throw .unfinishedMarkup }
        if let open = elements.last { throw .unbalanced(open: open, closed: nil) }
    }

    private mutating func step(_ byte: UInt8) throws(TemplateFault) {
        switch state {
        case .text:
            if byte == UInt8(ascii: "<") { enter(.opened) }
        case .opened: try begin(byte)
        case .elementName: try continueName(byte)
        case .closingName, .closingEnd: try continueClosing(byte)
        case .inElement: try betweenAttributes(byte)
        case .selfClosing:
            guard byte == UInt8(ascii: ">") else { throw .unfinishedMarkup }
            try leaveElement(closed: true)
        case .attributeName, .attributeGap: try continueAttribute(byte)
        case .beforeValue:
            if isBlank(byte) { return }
            guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") else { throw .unquotedAttribute }
            prefix = []
            holdsSlot = false
            state = .value(quote: byte)
        case .value(let quote):
            if byte == quote { state = .inElement } else if !holdsSlot { prefix.append(byte) }
        case .declaration: try continueDeclaration(byte)
        case .comment:
            remember(byte, atMost: 3)
            if word.elementsEqual("-->".utf8) { enter(.text) }
        case .style:
            remember(lowerASCII(byte), atMost: 8)
            if word.elementsEqual("</style>".utf8) {
                elements.removeLast()
                enter(.text)
            }
        }
    }

    private mutating func enter(_ next: State) {
        state = next
        word = []
    }

    private mutating func remember(_ byte: UInt8, atMost count: Int) {
        word.append(byte)
        if word.count > count { word.removeFirst() }
    }

    private mutating func begin(_ byte: UInt8) throws(TemplateFault) {
        if isLetter(byte) {
            enter(.elementName)
            word = [lowerASCII(byte)]
        } else if byte == UInt8(ascii: "/") {
            enter(.closingName)
        } else if byte == UInt8(ascii: "!"), dialect == .document {
            enter(.declaration)
        } else {
            throw .strayLessThan
        }
    }

    private mutating func continueName(_ byte: UInt8) throws(TemplateFault) {
        if isLetter(byte) || (0x30...0x39).contains(byte) {
            word.append(lowerASCII(byte))
            return
        }
        let name = String(decoding: word, as: UTF8.self)
        let allowed = dialect == .messenger ? Self.messenger.contains(name) : !Self.refused.contains(name)
        guard allowed else { throw .tagNotAllowed(name) }
        elements.append(name)
        enter(.inElement)
        try betweenAttributes(byte)
    }

    private mutating func continueClosing(_ byte: UInt8) throws(TemplateFault) {
        if isBlank(byte), !word.isEmpty {
            state = .closingEnd
        } else if byte == UInt8(ascii: ">") {
            let name = String(decoding: word, as: UTF8.self)
            guard elements.last == name else { throw .unbalanced(open: elements.last, closed: name) }
            elements.removeLast()
            enter(.text)
        } else if state == .closingName, isLetter(byte) || (0x30...0x39).contains(byte) {
            word.append(lowerASCII(byte))
        } else {
            throw .unfinishedMarkup
        }
    }

    private mutating func betweenAttributes(_ byte: UInt8) throws(TemplateFault) {
        if isBlank(byte) { return }
        switch byte {
        case UInt8(ascii: ">"): try leaveElement(closed: false)
        case UInt8(ascii: "/"): state = .selfClosing
        default:
            guard isLetter(byte) else { throw .unfinishedMarkup }
            enter(.attributeName)
            word = [lowerASCII(byte)]
        }
    }

    private mutating func continueAttribute(_ byte: UInt8) throws(TemplateFault) {
        if state == .attributeName, isLetter(byte) || (0x30...0x39).contains(byte) || "-:_".utf8.contains(byte) {
            word.append(lowerASCII(byte))
            return
        }
        if isBlank(byte) {
            state = .attributeGap
            return
        }
        attribute = String(decoding: word, as: UTF8.self)
        guard isAllowed(attribute) else { throw .attributeNotAllowed(attribute) }
        if byte == UInt8(ascii: "=") {
            enter(.beforeValue)
        } else {
            state = .inElement
            try betweenAttributes(byte)
        }
    }

    private func isAllowed(_ attribute: String) -> Bool {
        switch dialect {
        case .messenger: attribute == "href" && elements.last == "a"
        case .document: !attribute.utf8.starts(with: "on".utf8) && attribute != "src" && attribute != "srcset"
        }
    }

    /// `<!-- … -->` or `<!doctype …>`
    private mutating func continueDeclaration(_ byte: UInt8) throws(TemplateFault) {
        word.append(byte)
        if word.elementsEqual("--".utf8) { enter(.comment) } else if byte == UInt8(ascii: ">") { enter(.text) }
    }

    private mutating func leaveElement(closed: Bool) throws(TemplateFault) {
        enter(.text)
        guard let name = elements.last else { return }
        if Self.void.contains(name) { elements.removeLast() } else if closed { throw .tagNotAllowed(name + "/") }
        if name == "style" { enter(.style) }
    }

    private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(lowerASCII(byte)) }
    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 }
}
