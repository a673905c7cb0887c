/// Where a value lands. It alone decides how the value is escaped and which typography it gets.
enum Place: Sendable, Hashable {
    case htmlText, attribute, messengerText, messengerAttribute
    /// The whole of an `href`, the piece of one after the template's own beginning, the number after `tel:`.
    case link, linkPiece, telephone
    case plain, sms, voice, header, push

    var style: Style {
        switch self {
        case .htmlText, .attribute, .messengerText, .messengerAttribute, .header, .push: .typographic
        case .plain, .sms, .link, .linkPiece, .telephone: .plain
        case .voice: .spoken
        }
    }

    /// False when the value cannot stand here at all: an unsafe link, a phone that is none.
    func write(_ value: Bytes, into output: inout [UInt8]) -> Bool {
        switch self {
        case .link: return LinkURL.write(value, into: &output)
        case .telephone:
            guard let phone = PhoneText(value) else { return false }
            phone.writeDialled(into: &output)
            return true
        case .htmlText, .attribute, .messengerText, .messengerAttribute, .linkPiece, .plain, .sms, .voice, .header,
            .push:
            CleanText.lend(value) { escape($0, into: &output) }
            return true
        }
    }

    /// What is clean already.
    func escape(_ clean: Bytes, into output: inout [UInt8]) {
        switch self {
        case .htmlText: HTMLText.write(clean, into: &output)
        case .attribute: HTMLAttribute.write(clean, into: &output)
        case .messengerText, .messengerAttribute: MessengerHTML.write(clean, into: &output)
        case .linkPiece: LinkURL.writePiece(clean, into: &output)
        // Nothing to escape, only to keep on one line and visible.
        case .plain, .sms, .voice, .push, .header, .link, .telephone: output.append(contentsOf: clean)
        }
    }
}

extension Part {
    /// The place of a slot outside of any markup.
    var textPlace: Place {
        switch self {
        case .subject: .header
        case .mailHTML, .paper: .htmlText
        case .mailText: .plain
        case .sms: .sms
        case .messenger: .messengerText
        case .push: .push
        case .voice: .voice
        }
    }

    var markup: MarkupReader.Dialect? {
        switch self {
        case .mailHTML, .paper: .document
        case .messenger: .messenger
        case .subject, .mailText, .sms, .push, .voice: nil
        }
    }
}
