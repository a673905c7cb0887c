import Domain
package import Events
import Intake
import Journal
import Policy

/// `/v1/events`: what happened, as pages and as a stream.
package struct EventsResource: Sendable {
    let reception: Reception
    let feed: EventFeed
    package init(_ reception: Reception, _ feed: EventFeed) {
        self.reception = reception
        self.feed = feed
    }

    package var routes: [Route] {
        [
            Route(.get, "/v1/events", .scope(.messagesRead), query: ["after", "limit", "type"], page),
            Route(.get, "/v1/events/stream", .scope(.messagesRead), query: ["after", "type"], stream),
        ]
    }

    /// Oldest first; `next` is always there: where nothing was for the caller it has moved on all the same.
    private func page(_ call: Call) async throws(Problem) -> Answer {
        let scope = try call.client().events
        let (filter, limit) = (try call.query.eventTypes(), try call.query.limit())
        let after = try EventID.cursor(call.query["after"], "?after")
        let page = try await stored { () async throws(StoreError) in
            try await feed.page(scope, filter: filter, after: after, limit: limit)
        }
        var body = Array(#"{"data":["#.utf8)
        for (number, event) in page.events.enumerated() {
            if number > 0 { body.append(UInt8(ascii: ",")) }
            event.write(to: &body)
        }
        body += #"],"next":"\#(EventID(raw: page.seen))","has_more":\#(page.hasMore)}"#.utf8
        return Answer(200, headers: [("content-type", "application/json")], body: .bytes(body))
    }

    /// Server-sent events. The header wins over the query: a browser that reconnects repeats its first URL.
    private func stream(_ call: Call) async throws(Problem) -> Answer {
        let caller = try call.client(), scope = caller.events
        let filter = try call.query.eventTypes()
        let resumed = try EventID.cursor(call.headers["last-event-id"], "Last-Event-ID")
        let asked = try EventID.cursor(call.query["after"], "?after")
        let after = resumed ?? asked
        let events = try await stored { () async throws(StoreError) in
            try await feed.stream(scope, filter: filter, after: after)
        }
        return Answer(
            200,
            // A reverse proxy that gathers an answer before it passes it on would keep the news.
            headers: [("content-type", "text/event-stream"), ("x-accel-buffering", "no")],
            body: .stream(
                ServerSentEvents(events: events) { [reception] in
                    (try? await reception.doorkeeper.stillAdmits(caller, at: reception.now())) == true
                }))
    }
}

extension Caller {
    /// Its own messages; what is the house's too for those who may look at it.
    var events: EventScope { EventScope(client: client, house: may(.opsRead)) }
}

extension EventID {
    static func cursor(_ text: String?, _ place: String) throws(Problem) -> EventID? {
        guard let text, !text.isEmpty else { return nil }
        if let id = EventID(text) { return id }
        let words = Words(ru: "нужен id события, evt_…", en: "the id of an event is needed, evt_…")
        throw Problem(.invalidValue, status: 400, words, errors: [.init(place, .invalidValue, words)])
    }
}

extension Query {
    /// `type=message.failed,consent.*`; all of them where nothing was said.
    func eventTypes() throws(Problem) -> EventFilter {
        guard let text = self["type"] else { return .everything }
        guard !text.isEmpty else {
            throw .parameter("type", Words(ru: "нужен тип события", en: "a type of event is needed"))
        }
        do throws(EventFilter.Unknown) {
            return try EventFilter(text.split(separator: ",").map(String.init))
        } catch {
            let near = nearestName(to: error.pattern, among: EventFilter.known)
            throw .parameter(
                "type",
                Words(
                    ru: "такого события нет" + (near.map { "; может быть, \($0)?" } ?? ""),
                    en: "there is no such event" + (near.map { "; did you mean \($0)?" } ?? "")))
        }
    }
}

/// Events as `text/event-stream`. Begins with a comment at once, so that the caller knows it is connected.
struct ServerSentEvents: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = Never
    let events: EventStream
    /// Asked before each page: the revocation of a key wakes the stream, as everything does that is committed.
    let isAdmitted: @Sendable () async -> Bool

    func makeAsyncIterator() -> Iterator { Iterator(events: events.makeAsyncIterator(), isAdmitted: isAdmitted) }

    struct Iterator: AsyncIteratorProtocol {
        typealias Failure = Never
        var events: EventStream.Iterator
        let isAdmitted: @Sendable () async -> Bool
        var hasBegun = false

        /// A store that does not answer ends the stream; whoever listened comes again with its last id.
        mutating func next() async -> [UInt8]? {
            guard hasBegun else {
                hasBegun = true
                return Array("retry: 2000\n: connected\n\n".utf8)
            }
            guard let page = try? await events.next(), await isAdmitted() else { return nil }
            return page.isEmpty ? Array(": \n\n".utf8) : Self.lines(page)
        }

        /// JSON of ours has no line break in it.
        private static func lines(_ events: [Event]) -> [UInt8] {
            var bytes: [UInt8] = []
            for event in events {
                bytes += "id: \(event.id)\nevent: \(event.type.rawValue)\ndata: ".utf8
                event.write(to: &bytes)
                bytes += "\n\n".utf8
            }
            return bytes
        }
    }
}
