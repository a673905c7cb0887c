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
        let filling = Filling(values, declared: variables, isPublic: channel.isGroup)
        let context = channel.isGroup ? context.withoutPersonalWords : context
        var scribe = Scribe()
        func text(_ part: Part) throws(RenderingError) -> String? {
            guard let program = parts[part] else { return nil }
            return try scribe.text(of: program, part, filling, context)
        }
        switch channel {
        case .email:
            let html = try text(.mailHTML) ?? ""
            return Content(
                subject: try text(.subject), text: try text(.mailText) ?? SpokenMarkup.text(of: html), html: html)
        case .max, .maxChat, .telegram, .vk:
            let html = try text(.messenger) ?? ""
            return Content(
                text: SpokenMarkup.text(of: html), html: html,
                buttons: buttons.compactMap { $0.button(language, filling, context) })
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
}

/// Writes one part after the other into the same buffer.
private struct Scribe {
    private var output: [UInt8] = []
    /// Between a filter and the escaper.
    private var words: [UInt8] = []

    init() { words.reserveCapacity(96) }

    mutating func text(
        of program: Program, _ part: Part, _ filling: Filling, _ context: RenderingContext
    ) throws(RenderingError) -> String {
        output.removeAll(keepingCapacity: true)
        output.reserveCapacity(program.likelySize)
        try write(program, 0..<program.instructions.count, part, filling, row: nil, context)
        if part == .subject { return String(decoding: HeaderText.line(output), as: UTF8.self) }
        return output.withUnsafeBufferPointer { String(decoding: $0.trimmed, as: UTF8.self) }
    }

    private mutating func write(
        _ program: Program, _ range: Range<Int>, _ part: Part, _ filling: Filling, row: FillingRow?,
        _ context: RenderingContext
    ) throws(RenderingError) {
        var index = range.lowerBound
        while index < range.upperBound {
            let next = index + 1
            switch program.instructions[index] {
            case .literal(let range):
                output.append(contentsOf: program.literals[range])
                index = next
            case .slot(let place):
                try write(program.slots[place], filling, row: row, context)
                index = next
            case .section(let reference, let end):
                index = filling.isPresent(reference, row, context) ? next : end
            case .inverted(let reference, let end):
                index = filling.isPresent(reference, row, context) ? end : next
            case .loop(let list, let end):
                for row in 0..<filling.rowCount(list) {
                    try write(program, next..<end, part, filling, row: filling.row(list, row), context)
                }
                index = end
            }
            guard output.count <= part.limit else { throw .tooLong(part, limit: part.limit) }
        }
    }

    private mutating func write(
        _ slot: Slot, _ filling: Filling, row: FillingRow?, _ context: RenderingContext
    ) throws(RenderingError) {
        guard let text = filling.text(slot.reference, row, context) else {
            throw .variable(VariableProblem(path: slot.name, fault: .missing))
        }
        guard text.withBytes({ slot.write($0, through: &words, into: &output) }) else {
            throw .variable(VariableProblem(path: slot.name, fault: .wrongType(slot.type)))
        }
    }
}

extension Slot {
    /// False when the value is not what its type says, or cannot stand at the place.
    fileprivate func write(_ value: Bytes, through words: inout [UInt8], into output: inout [UInt8]) -> Bool {
        if let filter {
            words.removeAll(keepingCapacity: true)
            return filter.write(value, type: type, style: place.style, into: &words)
                && words.withUnsafeBufferPointer { place.write($0, into: &output) }
        }
        guard fromOutside else { return place.write(value, into: &output) }
        switch place {
        case .link, .linkPiece, .telephone: return place.write(value, into: &output)
        case .htmlText, .attribute, .messengerText, .messengerAttribute, .plain, .sms, .voice, .header, .push:
            CleanText.lend(value) { clean in Unlinked.lend(clean) { place.escape($0, into: &output) } }
            return true
        }
    }
}
