import Domain
import FoundationEssentials
import Policy

/// A key as it is ordered. Its secret was drawn by the command and stays there: whoever owns the database gets the hash.
struct KeyOrder: Codable, Sendable {
    var id: String
    /// SHA-256 of the secret, 32 bytes.
    var digest: [UInt8]
    var client: String
    var mode: String
    var scopes: [String]
    /// Empty: all of them.
    var templates: [String]
    /// Empty: all of them.
    var channels: [String]
    var dailyCap: Int?
    /// RFC 3339.
    var expires: String?
    var networks: [String]
    var note: String?
}

/// Somebody joins or leaves the guest list of a client.
struct GuestOrder: Codable, Sendable {
    var client: String
    /// `sms:+7…`, `email:имя@…`, or the name of a recipient.
    var guest: String
    var joins: Bool
}

extension KeyRecord {
    /// - Throws: `Failure` that names the first thing that is wrong.
    init(_ order: KeyOrder, templates known: [String], at now: Date) throws {
        let mode = try KeyMode(typed: order.mode)
        let scopes = try order.scopes.map(Scope.init(typed:))
        for template in order.templates where !known.contains(template) {
            throw Failure.unknown(
                ru: "шаблона «\(template)» нет", en: "no template \"\(template)\"", template, among: known)
        }
        if let cap = order.dailyCap, cap < 1 {
            throw Failure(
                .usage, ru: "--daily-cap: нужно число от 1", en: "--daily-cap: a number from 1 on is needed")
        }
        let expires = try order.expires.map(Date.init(typed:))
        if let expires, expires <= now {
            throw Failure(.usage, ru: "--expires: это время уже прошло", en: "--expires: this time is over already")
        }
        if let note = order.note, note.utf8.count > 200 {
            throw Failure(.usage, ru: "--note: не длиннее 200 байт", en: "--note: at most 200 bytes")
        }
        self.init(
            id: order.id, client: try ClientName(typed: order.client), mode: mode, digest: order.digest,
            scopes: scopes.isEmpty ? [.messagesWrite, .messagesRead] : Set(scopes),
            templates: order.templates.isEmpty ? nil : Set(order.templates),
            channels: order.channels.isEmpty ? nil : Set(try order.channels.map(Channel.init(typed:))),
            dailyCap: order.dailyCap, networks: try order.networks.map(Subnet.init(typed:)), created: now,
            expires: expires, note: order.note)
    }
}

extension KeyMode {
    init(typed text: String) throws {
        guard let mode = KeyMode(rawValue: text) else {
            throw Failure.unknown(
                ru: "режима «\(text)» нет", en: "no mode \"\(text)\"", text, among: KeyMode.allCases.map(\.rawValue))
        }
        self = mode
    }
}

extension Scope {
    init(typed text: String) throws {
        guard let scope = Scope(rawValue: text) else {
            throw Failure.unknown(
                ru: "права «\(text)» нет", en: "no scope \"\(text)\"", text, among: Scope.allCases.map(\.rawValue))
        }
        self = scope
    }
}

extension ClientName {
    init(typed text: String) throws {
        guard let client = ClientName(text) else {
            throw Failure(
                .usage, ru: "--client: строчные латинские буквы, цифры, «.», «_» и «-», до 64: billing-1c",
                en: "--client: lower-case Latin letters, digits, \".\", \"_\" and \"-\", up to 64: billing-1c")
        }
        self = client
    }
}

extension Subnet {
    init(typed text: String) throws {
        guard let subnet = Subnet(text) else {
            throw Failure(
                .usage, ru: "«\(text)» не диапазон адресов; нужно так: 10.20.0.0/16, fd00::/8 или один адрес",
                en: "\"\(text)\" is no range of addresses; it should look like 10.20.0.0/16, fd00::/8 or one address")
        }
        self = subnet
    }
}

extension Guest {
    init(typed text: String) throws {
        for channel in Channel.allCases {
            guard let address = text.droppingPrefix(channel.rawValue + ":") else { continue }
            self = .destination(try Destination(typed: address, channel))
            return
        }
        if text.utf8.first == UInt8(ascii: "+") {
            self = .destination(try Destination(typed: text, .sms))
        } else if text.utf8.contains(UInt8(ascii: "@")) {
            self = .destination(try Destination(typed: text, .email))
        } else {
            self = .recipient(try RecipientID(typed: text))
        }
    }

    /// As lists show it.
    var masked: String {
        switch self {
        case .recipient(let id): id.text
        case .destination(let destination): "\(destination.channel.rawValue):\(destination.address.masked)"
        }
    }
}
