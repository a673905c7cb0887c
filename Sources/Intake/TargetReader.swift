import Domain

/// `{"recipient": …}`, or addresses by channel.
enum TargetReader {
    static let inline: [Channel] = [.sms, .email, .max, .maxChat, .telegram, .vk]

    static func target(_ fields: inout Fields) -> SendRequest.Target {
        fields.require("to") { fields, value in
            guard var inside = fields.object(value) else { return nil }
            let recipient = inside.take("recipient") { fields, value -> RecipientID? in
                guard let text = fields.line(value, limit: 128) else { return nil }
                return RecipientID(text)
                    ?? fields.fail(.invalidValue, Words(ru: "это не имя получателя", en: "not the name of a recipient"))
            }
            let destinations = addresses(&inside)
            let named = value.has("recipient"), addressed = inline.contains { value.has($0.rawValue) }
            if named, addressed {
                inside.fail(
                    .invalidValue,
                    Words(ru: "либо recipient, либо адреса", en: "either a recipient or addresses, not both"))
            } else if !named, !addressed {
                inside.fail(
                    .required,
                    Words(
                        ru: "нужен recipient или адрес: \(inline.map(\.rawValue).joined(separator: ", "))",
                        en: "a recipient or an address is needed: \(inline.map(\.rawValue).joined(separator: ", "))"))
            }
            fields.close(inside)
            return recipient.map { .recipient($0) } ?? .addresses(destinations)
        } ?? .addresses([])
    }

    /// Each channel that is named, with its address.
    static func addresses(_ fields: inout Fields) -> [Destination] {
        inline.compactMap { channel in
            fields.take(channel.rawValue) { fields, value in address(value, channel, &fields) }
        }
    }

    private static func address(_ value: JSON, _ channel: Channel, _ fields: inout Fields) -> Destination? {
        // Chats are numbers to everybody but us; as text they keep all their digits.
        guard let text = value.textOrWholeNumber else {
            return fields.fail(.invalidValue, Words(ru: "нужен текст в кавычках", en: "text in quotes is needed"))
        }
        do throws(AddressError) { return try Destination(channel, text) } catch {
            return fields.fail(error.code(for: channel), error.words)
        }
    }
}

extension JSON {
    fileprivate func has(_ name: String) -> Bool {
        switch self[name] {
        case nil, .null?: false
        default: true
        }
    }

    fileprivate var textOrWholeNumber: String? {
        switch self {
        case .string(let text): text
        case .number(let text) where text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }:
            text
        default: nil
        }
    }
}
