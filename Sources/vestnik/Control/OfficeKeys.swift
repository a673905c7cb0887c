import Domain
import Foundation
import Policy
import Settings
import StoreSQLite

/// The office's work with API keys and guest lists.
extension Office {
    func createKey(_ order: KeyOrder) async throws -> Words {
        let now = Clocks.now()
        guard order.digest.count == 32, order.id.utf8.count == 8 else {
            throw Failure(.badData, ru: "ключ повреждён по пути", en: "the key was damaged on its way")
        }
        let key = try KeyRecord(order, templates: shelf.ids, at: now.wall)
        switch try await store.create(key, by: person, at: now) {
        case .created:
            return Words(
                ru: "Ключ \(key.id) системы \(key.client) создан.",
                en: "The key \(key.id) of \(key.client) was created.")
        case .tooMany(let present):
            let ids = present.map(\.id).joined(separator: ", ")
            throw Failure(
                .badData,
                ru:
                    "у системы \(key.client) уже \(present.count) действующих ключа \(key.mode.rawValue): \(ids). Сначала отзовите старый: vestnik keys revoke",
                en:
                    "\(key.client) has \(present.count) active \(key.mode.rawValue) keys already: \(ids). Revoke the old one first: vestnik keys revoke"
            )
        case .idTaken:
            throw Failure(
                .tryAgain, ru: "такой номер ключа уже есть; повторите команду",
                en: "a key with this id exists; repeat the command")
        }
    }

    func revokeKey(_ id: String) async throws -> Words {
        switch try await store.revoke(id, by: person, at: Clocks.now()) {
        case .revoked(let key):
            return Words(
                ru: "Ключ \(key.id) системы \(key.client) отозван: с этой минуты по нему не принимают ничего.",
                en: "The key \(key.id) of \(key.client) is revoked: from now on nothing is accepted under it.")
        case .before(let date):
            return Words(
                ru: "Ключ \(id) уже был отозван \(date.ISO8601Format()).",
                en: "The key \(id) was revoked before, \(date.ISO8601Format()).")
        case .unknown:
            throw Failure(
                .badData, ru: "ключа \(id) нет. Список: vestnik keys list",
                en: "there is no key \(id). The list: vestnik keys list")
        }
    }

    func changeGuests(_ order: GuestOrder) async throws -> Words {
        let client = try ClientName(typed: order.client)
        let guest = try Guest(typed: order.guest)
        let now = Clocks.now()
        let change =
            order.joins
            ? try await store.invite(guest, of: client, by: person, at: now)
            : try await store.uninvite(guest, of: client, by: person, at: now)
        switch (change, order.joins) {
        case (.done, true):
            return Words(
                ru: "\(guest.masked): в списке гостей системы \(client).",
                en: "\(guest.masked) is on the guest list of \(client).")
        case (.done, false):
            return Words(
                ru: "\(guest.masked): больше не в списке гостей системы \(client).",
                en: "\(guest.masked) is no longer on the guest list of \(client).")
        case (.nothingToDo, true):
            return Words(ru: "\(guest.masked) уже в списке.", en: "\(guest.masked) is on the list already.")
        case (.nothingToDo, false):
            throw Failure(
                .badData, ru: "\(guest.masked) нет в списке гостей системы \(client)",
                en: "\(guest.masked) is not on the guest list of \(client)")
        case (.tooMany, _):
            throw Failure(
                .badData, ru: "в списке уже \(Guest.limit) гостей, больше нельзя: для рассылок есть ключ live",
                en: "the list holds \(Guest.limit) guests, which is all it can: for real sending there are live keys")
        }
    }
}
