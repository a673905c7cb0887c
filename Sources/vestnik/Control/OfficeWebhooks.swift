import Delivery
import Domain
import Events
import Foundation
import Journal
import Settings
import StoreSQLite

/// The office's window for webhooks.
extension Office {
    private var desk: WebhookDesk {
        WebhookDesk(
            source: store, book: store, rules: settings.file.webhooks, ids: ids, secretBytes: Clocks.secretBytes)
    }

    func webhook(_ order: WebhookOrder) async throws -> Reply {
        let now = Clocks.now()
        do throws(WebhookDesk.Refusal) {
            return try await carryOut(order, at: now)
        } catch {
            throw Failure(error)
        }
    }

    private func carryOut(_ order: WebhookOrder, at now: Moment) async throws(WebhookDesk.Refusal) -> Reply {
        switch order {
        case .add(let url, let types, let client, let house):
            let scope = EventScope(client: client, house: house || client == nil)
            let webhook = try await desk.add(url: url, types: types, scope: scope, by: person, at: now)
            return .webhook(WebhookReply(webhook, secret: webhook.secret))
        case .rotate(let id):
            let webhook = try await desk.rotate(try await found(id), by: person, at: now)
            return .webhook(WebhookReply(webhook, secret: webhook.secret))
        case .test(let id): return .webhook(try await test(try await found(id), at: now))
        case .turn(let id, let on):
            let webhook = try await desk.change(
                try await found(id), url: nil, types: nil, active: on, by: person, at: now)
            return .webhook(WebhookReply(webhook))
        case .remove(let id):
            try await desk.remove(try await found(id), by: person, at: now)
            return Words(ru: "Вебхук \(id) удалён.", en: "The webhook \(id) is removed.").reply
        case .replay(let id, let events): return try await replay(.events(events.compactMap(EventID.init)), id, at: now)
        case .replayRange(let id, let after, let until):
            guard let after = EventID(after) else { throw .unknown }
            return try await replay(.range(after: after, until: until.flatMap(EventID.init)), id, at: now)
        case .replayFailed(let id): return try await replay(.failed, id, at: now)
        }
    }

    private func found(_ text: String) async throws(WebhookDesk.Refusal) -> Webhook {
        guard let id = WebhookID(text) else { throw .unknown }
        let webhook: Webhook?
        do throws(StoreError) { webhook = try await store.webhook(id) } catch { throw .store(error) }
        guard let webhook else { throw .unknown }
        return webhook
    }

    private func test(_ webhook: Webhook, at now: Moment) async throws(WebhookDesk.Refusal) -> WebhookReply {
        let client = HTTPClient(settings.file.webhooks.account())
        let answer = await desk.test(webhook, over: client, at: now)
        await client.shutdown()
        var reply = WebhookReply(webhook)
        (reply.taken, reply.code, reply.error) = (answer.verdict == .taken, answer.code, answer.error)
        return reply
    }

    private func replay(
        _ order: ReplayOrder, _ id: String, at now: Moment
    ) async throws(WebhookDesk.Refusal) -> Reply {
        let (count, next) = try await desk.replay(order, to: try await found(id), at: now)
        var words = Words(ru: "Будет отправлено заново: \(count).", en: "\(count) will be sent again.")
        if let next {
            words = Words(
                ru: words.ru + " Это не всё; дальше: --after \(next)", en: words.en + " There is more: --after \(next)")
        }
        return words.reply
    }
}

extension WebhookReply {
    init(_ webhook: Webhook, secret: WebhookSecret? = nil) {
        id = webhook.id.text
        url = webhook.url
        types = webhook.filter.patterns
        client = webhook.scope.client
        house = webhook.scope.house
        switch webhook.state {
        case .active: status = "active"
        case .disabled(let reason): status = "disabled: " + reason.rawValue
        }
        self.secret = secret?.exposed
    }
}

extension Failure {
    init(_ refusal: WebhookDesk.Refusal) {
        switch refusal {
        case .invalid(let member, let words):
            self.init(.badData, Words(ru: "\(member): \(words.ru)", en: "\(member): \(words.en)"))
        case .tooMany:
            self.init(
                .badData, ru: "вебхуков уже \(WebhookDesk.largestCount): сначала удалите лишние (vestnik webhook list)",
                en: "there are \(WebhookDesk.largestCount) webhooks already: remove some first (vestnik webhook list)")
        case .unknown:
            self.init(
                .badData, ru: "такого вебхука или события нет: vestnik webhook list",
                en: "there is no such webhook or event: vestnik webhook list")
        case .store(let error): self.init(error, path: "", owned: true)
        }
    }
}
