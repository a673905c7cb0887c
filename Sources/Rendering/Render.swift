// Stage 4 of a message's way: rendering.
//
// What comes in: a compiled template of the version the message was accepted with, the channel that policy chose, the
// caller's variables and what we know of the sender and the recipient. What leaves: `Content`, ready for a provider.
//
// Everything that can be wrong with a template is found when it is loaded, everything that can be wrong with variables
// when a message is accepted. What is left here is copying bytes: literals as they are, values escaped for the place
// they land in. Nothing is read from disk, no clock is asked, nothing is cut to fit: a text that is too long, or a value
// that has gone missing, is an error.
package import Domain

/// Why a message could not be put into words. None of them goes away by trying again.
package enum RenderingError: Error, Sendable, Hashable {
    /// The template has no text for the channel.
    case noText(Channel)
    /// The template may not go to a group: it speaks of one household.
    case notForGroups
    case variable(VariableProblem)
    case tooLong(Part, limit: Int)
    case tooManyParts(Int, limit: Int)

    package var words: Words {
        switch self {
        case .noText(let channel):
            Words(
                ru: "в шаблоне нет текста для канала \(channel.rawValue)",
                en: "the template has no text for \(channel.rawValue)")
        case .notForGroups:
            Words(
                ru: "шаблон не для группы: он говорит об одной квартире",
                en: "the template is not for a group: it speaks of one household")
        case .variable(let problem): problem.words
        case .tooLong(let part, let limit):
            Words(
                ru: "текст \(part.rawValue) длиннее \(limit) байт", en: "\(part.rawValue) is longer than \(limit) bytes"
            )
        case .tooManyParts(let parts, let limit):
            Words(
                ru: "СМС из \(parts) частей, можно не больше \(limit)",
                en: "an SMS of \(parts) parts, at most \(limit) allowed")
        }
    }
}

extension Template {
    /// - Parameter locale: the recipient's; Russian stands in where the template has no text in it.
    package func render(
        _ channel: Channel, locale: String, variables values: Variables, context: RenderingContext
    ) throws(RenderingError) -> Content {
        if channel.isGroup, !group { throw .notForGroups }
        guard let (language, parts) = found(channel, locale: locale) else { throw .noText(channel) }
        let run = Run(
            values: channel.isGroup ? publicValues(values) : values,
            context: channel.isGroup ? context.withoutPersonalWords : context)
        func text(_ part: Part) throws(RenderingError) -> String? {
            try parts[part].map { program throws(RenderingError) in try run.text(of: program, part) }
        }
        switch channel {
        case .email:
            let html = try text(.mailHTML) ?? ""
            return Content(
                subject: try text(.subject), text: try text(.mailText) ?? SpokenMarkup.text(of: html), html: html)
        case .max, .maxChat, .telegram, .vk:
            let html = try text(.messenger) ?? ""
            return Content(text: SpokenMarkup.text(of: html), html: html, buttons: run.buttons(buttons, language))
        case .sms:
            let text = try text(.sms) ?? ""
            let count = SMSParts(text).parts
            guard count <= smsParts else { throw .tooManyParts(count, limit: smsParts) }
            return Content(text: text)
        case .push: return Content(text: try text(.push) ?? "")
        case .voice: return Content(text: try text(.voice) ?? "")
        case .paper:
            let html = try text(.paper) ?? ""
            return Content(text: SpokenMarkup.text(of: html), html: html)
        }
    }

    /// Without what is declared personal.
    private func publicValues(_ values: Variables) -> Variables {
        var kept = values
        for variable in variables {
            if variable.personal { kept[variable.name] = nil }
            let hidden = variable.fields.filter(\.personal).map(\.name)
            guard !hidden.isEmpty, case .list(let rows)? = kept[variable.name] else { continue }
            kept[variable.name] = .list(rows.map { row in row.filter { !hidden.contains($0.key) } })
        }
        return kept
    }
}

/// One rendering: values, context, and the bytes written so far.
private struct Run {
    let values: Variables
    let context: RenderingContext

    func text(of program: Program, _ part: Part) throws(RenderingError) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(2_048)
        try write(program.instructions[...], row: nil, part, into: &output)
        let bytes = part == .subject ? HeaderText.line(output)[...] : trimmed(output)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(
        _ instructions: ArraySlice<Program.Instruction>, row: [String: Variable]?, _ part: Part,
        into output: inout [UInt8]
    ) throws(RenderingError) {
        var index = instructions.startIndex
        while index < instructions.endIndex {
            let next = index + 1
            switch instructions[index] {
            case .literal(let bytes):
                output += bytes
                index = next
            case .slot(let slot):
                try write(slot, row: row, into: &output)
                index = next
            case .section(let reference, let end):
                index = isPresent(reference, row) ? next : end
            case .inverted(let reference, let end):
                index = isPresent(reference, row) ? end : next
            case .loop(let list, let end):
                if case .list(let rows)? = values[list] {
                    for row in rows { try write(instructions[next..<end], row: row, part, into: &output) }
                }
                index = end
            }
            guard output.count <= part.limit else { throw .tooLong(part, limit: part.limit) }
        }
    }

    private func write(_ slot: Slot, row: [String: Variable]?, into output: inout [UInt8]) throws(RenderingError) {
        guard let raw = text(slot.reference, row) else {
            throw .variable(VariableProblem(path: slot.reference.name, fault: .missing))
        }
        var value: String? = raw
        if let filter = slot.filter {
            value = filter.text(of: raw, type: slot.type, style: slot.place.style)
        } else if slot.fromOutside, slot.place != .linkPiece {
            value = Unlinked.text(CleanText.text(of: raw))
        }
        guard let value, slot.place.write(value, into: &output) else {
            throw .variable(VariableProblem(path: slot.reference.name, fault: .wrongType(slot.type)))
        }
    }

    private func isPresent(_ reference: Reference, _ row: [String: Variable]?) -> Bool {
        if text(reference, row) != nil { return true }
        switch value(reference, row) {
        case .flag(let flag): return flag
        case .list(let rows): return !rows.isEmpty
        case .text, nil: return false
        }
    }

    private func value(_ reference: Reference, _ row: [String: Variable]?) -> Variable? {
        switch reference {
        case .variable(let name): values[name]
        case .field(let name): row?[name]
        case .house(let word): context.value(of: word).map(Variable.text)
        }
    }

    private func text(_ reference: Reference, _ row: [String: Variable]?) -> String? {
        guard case .text(let text)? = value(reference, row), !CleanText.isBlank(text) else { return nil }
        return text
    }

    func buttons(_ declared: [ButtonDeclaration], _ locale: String) -> [Button] {
        declared.compactMap { button in
            let title = button.title[locale] ?? button.title[Template.fallback] ?? button.title.values.min()
            let url = button.urls.lazy.compactMap { name in
                text(HouseWord(rawValue: name).map(Reference.house) ?? .variable(name), nil)
            }.first(where: LinkURL.isSafe)
            guard let title, let url else { return nil }
            return Button(title: title, url: url)
        }
    }

    private func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var rest = bytes[...]
        while let first = rest.first, first <= 0x20 { rest.removeFirst() }
        while let last = rest.last, last <= 0x20 { rest.removeLast() }
        return rest
    }
}
