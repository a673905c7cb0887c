// Stage 1, accept. In comes a request that could be read; out goes a message with everything decided that can be decided
// now: version of the template, expiry, first due time. What can be known to be wrong is refused here, while somebody
// still listens: an unknown name, a missing variable, an SMS that would never fit. It stores nothing itself, sends
// nothing, and does not ask whether we may write: consents are read when the message leaves, not when it arrives.

package import Domain
package import FoundationEssentials
package import Policy
package import Queue
package import Rendering

package struct Accept: Sendable {
    let purposes: [PurposeID: Purpose]
    package let shelf: any TemplateShelf
    let organisation: RenderingContext.Organisation
    private let recipients: any RecipientBook
    /// Nil where no team key can call.
    private let guests: (any GuestBook)?
    let ids: IDSource
    /// Channels that some configured provider carries: a message waits in the line of the first one it can take.
    private let carried: Set<Channel>
    /// Nothing is kept waiting, or promised, for longer than a year.
    private static let farthest: Double = 366 * 86_400

    package init(
        purposes: [PurposeID: Purpose], shelf: any TemplateShelf, organisation: RenderingContext.Organisation,
        recipients: any RecipientBook, guests: (any GuestBook)? = nil, ids: IDSource,
        carried: Set<Channel> = Set(Channel.allCases)
    ) {
        self.purposes = purposes
        self.shelf = shelf
        self.organisation = organisation
        self.recipients = recipients
        self.guests = guests
        self.ids = ids
        self.carried = carried
    }

    /// As below, with nothing kept from the caller.
    package func callAsFunction(
        _ requests: [SendRequest], client: String, at now: Date
    ) async throws(StoreError) -> [Result<Accepted, Problem>] {
        try await self(requests, from: .house(client: client), at: now)
    }

    /// One result per request, in order. Nothing is stored: hand the good ones to `MessageQueue.enqueue`.
    package func callAsFunction(
        _ requests: [SendRequest], from sender: Sender, at now: Date
    ) async throws(StoreError) -> [Result<Accepted, Problem>] {
        let known = try await recipients.recipients(Set(requests.compactMap(\.target.resident)))
        let origin = Origin(sender: sender, guests: try await guestList(of: sender))
        var results: [Result<Accepted, Problem>] = []
        for request in requests {
            let recipient = request.target.resident.flatMap { known[$0] }
            do throws(Problem) { results.append(.success(try accept(request, recipient, origin, at: now))) } catch {
                results.append(.failure(error))
            }
        }
        return results
    }

    /// Who sends, with what is known of it.
    private struct Origin {
        let sender: Sender
        /// Of a team key.
        let guests: GuestList?
    }

    private func guestList(of sender: Sender) async throws(StoreError) -> GuestList? {
        guard sender.mode == .team else { return nil }
        return GuestList(try await guests?.guests(of: sender.client) ?? [])
    }

    private func accept(
        _ request: SendRequest, _ recipient: Recipient?, _ origin: Origin, at now: Date
    ) throws(Problem) -> Accepted {
        let objections = origin.sender.objections(to: request)
        // Before anything else is said: a key that may not use a template learns nothing about it.
        if let problem = Problem(of: objections.filter { $0.code == .forbiddenScope }) { throw problem }
        let template = try template(of: request)
        let purpose = try purpose(of: request, template)
        let variables = template.withFlags(request.variables)
        var errors = template.items(wrongWith: variables)
        errors += times(of: request, at: now)
        errors += unsayable(request, template) + objections
        if case .recipient(let id) = request.target, recipient == nil {
            errors.append(
                .init(
                    "/to/recipient", .unknownRecipient,
                    Words(ru: "получателя \(id) нет", en: "there is no recipient \(id)")))
        }
        if let problem = Problem(of: errors) { throw problem }

        let accepted = try message(request, recipient, origin, template, purpose, variables, at: now)
        try checkSMS(accepted, template)
        return accepted
    }

    // MARK: names

    private func template(of request: SendRequest) throws(Problem) -> Template {
        if let template = shelf.current(request.template) { return template }
        let near = nearestName(to: request.template, among: shelf.ids)
        let words = Words(
            ru: "шаблона «\(request.template)» нет" + (near.map { "; может быть, \($0)?" } ?? ""),
            en: "there is no template \"\(request.template)\"" + (near.map { "; did you mean \($0)?" } ?? ""))
        throw Problem(.unknownTemplate, words, errors: [.init("/template", .unknownTemplate, words)])
    }

    private func purpose(of request: SendRequest, _ template: Template) throws(Problem) -> Purpose {
        let id = request.purpose ?? template.purpose
        guard let purpose = purposes[id] else {
            let near = nearestName(to: id.text, among: purposes.keys.map(\.text))
            let words = Words(
                ru: "цели «\(id)» нет" + (near.map { "; может быть, \($0)?" } ?? ""),
                en: "there is no purpose \"\(id)\"" + (near.map { "; did you mean \($0)?" } ?? ""))
            throw Problem(.unknownPurpose, words, errors: [.init("/purpose", .unknownPurpose, words)])
        }
        // A reminder's text under the name of an emergency would borrow the emergency's rights.
        guard id == template.purpose else {
            let words = Words(
                ru: "шаблон \(template.ref.id) — для цели \(template.purpose), а не \(id)",
                en: "the template \(template.ref.id) is for the purpose \(template.purpose), not \(id)")
            throw Problem(.invalidValue, words, errors: [.init("/purpose", .invalidValue, words)])
        }
        return purpose
    }

    // MARK: times

    private func times(of request: SendRequest, at now: Date) -> [Problem.Item] {
        var errors: [Problem.Item] = []
        let limit = now.addingTimeInterval(Self.farthest)
        let tooFar = Words(ru: "больше года вперёд", en: "more than a year ahead")
        if let expiry = request.expiresAt {
            if expiry <= now {
                errors.append(
                    .init(
                        "/expires_at", .expiredAlready,
                        Words(ru: "expires_at уже прошло", en: "expires_at is in the past")))
            } else if expiry > limit {
                errors.append(.init("/expires_at", .invalidValue, tooFar))
            } else if let start = request.sendAt, start >= expiry {
                errors.append(
                    .init(
                        "/send_at", .invalidValue,
                        Words(ru: "send_at должно быть раньше expires_at", en: "send_at must be before expires_at")))
            }
        }
        if let start = request.sendAt, start > limit { errors.append(.init("/send_at", .invalidValue, tooFar)) }
        return errors
    }

    // MARK: channels

    /// Channels and addresses that were asked for and that the template has no text for.
    private func unsayable(_ request: SendRequest, _ template: Template) -> [Problem.Item] {
        func words(_ channel: Channel) -> Words {
            Words(
                ru: "у шаблона \(template.ref.id) нет текста для канала \(channel.rawValue)",
                en: "the template \(template.ref.id) has no text for \(channel.rawValue)")
        }
        var errors = request.channels.enumerated().filter { !template.supports($0.element) }
            .map { Problem.Item("/channels/\($0.offset)", .invalidValue, words($0.element)) }
        if case .addresses(let destinations) = request.target {
            errors += destinations.filter { !template.supports($0.channel) }
                .map { Problem.Item("/to/" + $0.channel.rawValue, .invalidValue, words($0.channel)) }
        }
        return errors
    }

    /// The caller's order, else the purpose's without what the template cannot say; empty where that is all of it, so
    /// that a purpose changed later still decides.
    private func channels(
        _ request: SendRequest, _ template: Template, _ purpose: Purpose, _ sender: Sender
    ) throws(Problem) -> [Channel] {
        guard request.channels.isEmpty, case .recipient = request.target else { return request.channels }
        let sayable = purpose.channels.filter(template.supports)
        guard !sayable.isEmpty else {
            let words = Words(
                ru: "у шаблона \(template.ref.id) нет текста ни для одного канала цели \(purpose.id)",
                en: "the template \(template.ref.id) has no text for any channel of the purpose \(purpose.id)")
            throw Problem(.invalidValue, words, errors: [.init("/template", .invalidValue, words)])
        }
        let allowed = sender.allowed(sayable)
        guard !allowed.isEmpty else {
            let words = Words(
                ru: "ключу не разрешён ни один канал цели \(purpose.id)",
                en: "the key may use no channel of the purpose \(purpose.id)")
            throw Problem(.forbiddenScope, words, errors: [.init("/to/recipient", .forbiddenScope, words)])
        }
        // A purpose that is changed later must not widen what a key may use.
        return allowed.count == purpose.channels.count && !sender.isLimited ? [] : allowed
    }

    private func message(
        _ request: SendRequest, _ recipient: Recipient?, _ origin: Origin, _ template: Template, _ purpose: Purpose,
        _ variables: Variables, at now: Date
    ) throws(Problem) -> Accepted {
        var destinations: [Destination] = []
        if case .addresses(let given) = request.target { destinations = given }
        let begin = max(now, request.sendAt ?? now)
        let message = Message(
            id: ids.next(at: now), client: origin.sender.client, idempotencyKey: request.idempotencyKey,
            purpose: purpose.id,
            template: template.ref, locale: request.locale ?? recipient?.locale ?? "ru", recipient: recipient?.id,
            destinations: destinations, channels: try channels(request, template, purpose, origin.sender),
            variables: variables,
            priority: request.priority ?? purpose.priority, sendAt: request.sendAt,
            expiresAt: request.expiresAt ?? begin.addingTimeInterval(purpose.life.seconds), acceptedAt: now,
            thread: request.thread, supersedes: request.supersedes, reference: request.reference,
            metadata: request.metadata, attachments: request.attachments, fallback: request.fallback,
            mode: origin.sender.mode, condition: request.condition)
        let plan = route(of: message, purpose, recipient)
        var start = start(along: plan, due: begin, mode: message.mode, at: now)
        if let guests = origin.guests, !plan.isEmpty,
            !plan.contains(where: { guests.invites($0, of: message.recipient) })
        {
            start = .suppressed(.notInGuestList)
        }
        return Accepted(
            enqueue: Enqueue(message: message, requestHash: request.hash, start: start),
            plan: plan, recipient: recipient)
    }

    // MARK: its place in the queue

    /// Where a message begins that did not come as a request, as a retry does.
    package func start(
        of message: Message, purpose: Purpose, due: Date, at now: Date
    ) async throws(StoreError) -> Enqueue.Start {
        var recipient: Recipient?
        if let id = message.recipient { recipient = try await recipients.recipient(id) }
        return start(along: route(of: message, purpose, recipient), due: due, mode: message.mode, at: now)
    }

    /// All destinations in the order they would be tried, before anybody's consent is looked at.
    private func route(of message: Message, _ purpose: Purpose, _ recipient: Recipient?) -> [Destination] {
        Policy.plan(
            for: Question(
                message: message, purpose: purpose, standing: Standing(recipient: recipient, epoch: Epoch(0)),
                rules: HouseRules(carried: [])))
    }

    private func start(along plan: [Destination], due: Date, mode: KeyMode, at now: Date) -> Enqueue.Start {
        let likely = plan.first { carried.contains($0.channel) }?.channel
        guard let first = likely ?? line(of: mode) ?? plan.first?.channel, !plan.isEmpty else {
            return .suppressed(.noAddress)
        }
        return .queued(due: due, due > now ? .sendAt : nil, first)
    }

    /// Where nobody carries any channel of its plan: a test message needs no carrier, but a line that is worked off.
    private func line(of mode: KeyMode) -> Channel? {
        mode == .test ? Channel.allCases.first(where: carried.contains) : nil
    }

    // MARK: texts

    /// An SMS of ten parts is a bill at the end of the month; better an error now.
    private func checkSMS(_ accepted: Accepted, _ template: Template) throws(Problem) {
        guard accepted.plan.contains(where: { $0.channel == .sms }), template.supports(.sms) else { return }
        do throws(RenderingError) { _ = try render(.sms, accepted, template) } catch {
            let item = error.item(at: "")
            throw Problem(item.code, item.detail, errors: [item])
        }
    }

    private func render(_ channel: Channel, _ accepted: Accepted, _ template: Template) throws(RenderingError)
        -> Content
    {
        let message = accepted.enqueue.message
        let context = RenderingContext(
            organisation: organisation, recipientName: accepted.recipient?.name, account: accepted.recipient?.id.account
        )
        return try template.render(channel, locale: message.locale, variables: message.variables, context: context)
    }

    /// What the addressee would read, by channel in the order of the plan; for a dry run.
    package func texts(of accepted: Accepted) -> [(channel: Channel, text: Result<Content, RenderingError>)] {
        guard let template = shelf.template(accepted.enqueue.message.template) else { return [] }
        var channels: [Channel] = []
        for destination in accepted.plan where !channels.contains(destination.channel) {
            channels.append(destination.channel)
        }
        return channels.map { channel in
            do throws(RenderingError) { return (channel, .success(try render(channel, accepted, template))) } catch {
                return (channel, .failure(error))
            }
        }
    }
}

/// A request that can become a message.
package struct Accepted: Sendable, Hashable {
    package var enqueue: Enqueue
    /// Destinations in the order they would be tried, before anybody's consent is looked at.
    package var plan: [Destination]
    package var recipient: Recipient?
}
