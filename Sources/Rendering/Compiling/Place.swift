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
    func write(_ value: String, into output: inout [UInt8]) -> Bool {
        switch self {
        case .htmlText: HTMLText.escape(value, into: &output)
        case .attribute: HTMLAttribute.escape(value, into: &output)
        case .messengerText, .messengerAttribute: MessengerHTML.escape(value, into: &output)
        case .plain, .sms, .voice, .push: PlainText.escape(value, into: &output)
        case .header: HeaderText.escape(value, into: &output)
        case .link: return LinkURL.escape(value, into: &output)
        case .linkPiece: LinkURL.escapePiece(value, into: &output)
        case .telephone:
            guard let phone = PhoneText(value) else { return false }
            output += phone.dialled.utf8
        }
        return true
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
