package import Domain
package import Policy

/// In whose name a request is accepted.
package enum Sender: Sendable, Hashable {
    /// A person of the house, or a program on its machine: nothing is kept from them.
    case house(client: String)
    case key(Caller)

    package var client: String {
        switch self {
        case .house(let client): client
        case .key(let caller): caller.client
        }
    }

    package var mode: KeyMode {
        switch self {
        case .house: .live
        case .key(let caller): caller.mode
        }
    }

    /// What of a request the key may not do, and addresses that are for test keys only; empty where all is well.
    func objections(to request: SendRequest) -> [Problem.Item] {
        guard case .key(let caller) = self else { return [] }
        var errors: [Problem.Item] = []
        if let templates = caller.templates, !templates.contains(request.template) {
            errors.append(
                .init(
                    "/template", .forbiddenScope,
                    Words(
                        ru: "ключу \(caller.key) шаблон \(request.template) не разрешён",
                        en: "the key \(caller.key) may not use the template \(request.template)")))
        }
        errors += request.channels.enumerated().compactMap { place, channel in
            caller.objection(to: channel, "/channels/\(place)")
        }
        guard case .addresses(let destinations) = request.target else { return errors }
        for destination in destinations {
            let pointer = "/to/" + destination.channel.rawValue
            if let objection = caller.objection(to: destination.channel, pointer) { errors.append(objection) }
            if caller.mode != .test, MagicRecipient(destination) != nil {
                errors.append(
                    .init(
                        pointer, AddressError.notAMailbox.code(for: destination.channel),
                        Words(
                            ru: "это проверочный адрес, он только для ключей vk_test_",
                            en: "this address is for trying things out, with vk_test_ keys only")))
            }
        }
        return errors
    }

    var isLimited: Bool {
        guard case .key(let caller) = self else { return false }
        return caller.channels != nil
    }

    /// Of those channels the ones that the key may use.
    func allowed(_ channels: [Channel]) -> [Channel] {
        guard case .key(let caller) = self, let allowed = caller.channels else { return channels }
        return channels.filter(allowed.contains)
    }
}

extension Caller {
    fileprivate func objection(to channel: Channel, _ pointer: String) -> Problem.Item? {
        guard let channels, !channels.contains(channel) else { return nil }
        return .init(
            pointer, .forbiddenScope,
            Words(
                ru: "ключу \(key) канал \(channel.rawValue) не разрешён",
                en: "the key \(key) may not use the channel \(channel.rawValue)"))
    }
}
