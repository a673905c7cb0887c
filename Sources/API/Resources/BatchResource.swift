import Domain
import FoundationEssentials
import Intake
import Policy
import Queue

/// `POST /v1/messages/batch`: up to 10,000 messages in one request, as one JSON document or as lines. Each item has its own
/// answer; lines are taken as they come, a page at a time, so that a large file never stands in memory as a whole.
package struct BatchResource: Sendable {
    let reception: Reception
    package init(_ reception: Reception) { self.reception = reception }

    static let lines = "application/x-ndjson"
    static let items = 10_000
    /// Items per commit.
    static let page = 1000

    package var routes: [Route] {
        [
            Route(
                .post, "/v1/messages/batch", .scope(.messagesWrite),
                body: .stream(["application/json", Self.lines], limit: 16 << 20), query: ["atomic", "dry_run"], send)
        ]
    }

    private func send(_ call: Call) async throws(Problem) -> Answer {
        guard let stream = call.stream else { throw Problem(StoreError(.broken, "no stream")) }
        if let obstacle = reception.obstacle() { throw obstacle }
        let dryRun = try call.query.flag("dry_run"), atomic = try call.query.flag("atomic")
        let key = try call.headers["idempotency-key"].map(IdempotencyKey.read)
        let work = BatchWork(
            reception: reception, caller: try call.client(), key: key, language: call.language, now: call.now)
        if stream.mediaType == Self.lines {
            let results = try await lines(stream, work, dryRun: dryRun, atomic: atomic)
            return Answer(
                202, headers: [("content-type", Self.lines)] + Self.counts(results),
                body: .bytes(Array(results.map { $0.bytes + [0x0A] }.joined())))
        }
        let document = try BatchDocument(try JSON(strict: try await stream.collect()))
        let results = try await all(
            document.items, work, dryRun: dryRun || document.dryRun, atomic: atomic || document.atomic)
        return Answer(
            202, headers: [("content-type", "application/json")] + Self.counts(results),
            body: .bytes(Self.body(results)))
    }

    /// One page after another, each in a commit of its own.
    private func all(
        _ items: [JSON], _ work: BatchWork, dryRun: Bool, atomic: Bool
    ) async throws(Problem) -> [BatchResult] {
        let readings = items.enumerated().map { work.read($0.element, at: $0.offset) }
        if atomic { return try await work.together(readings, dryRun: dryRun) }
        var chain = BatchChain(work: work, dryRun: dryRun)
        for start in stride(from: 0, to: readings.count, by: Self.page) {
            let page = Array(readings[start..<min(start + Self.page, readings.count)])
            try await chain.take { page }
        }
        let results = try await chain.end()
        try work.refuseIfNothingStands(results)
        return results
    }

    /// A page is decided and stored as soon as it is full; what follows is read only then, so the sender goes at our pace.
    private func lines(
        _ stream: BodyStream, _ work: BatchWork, dryRun: Bool, atomic: Bool
    ) async throws(Problem) -> [BatchResult] {
        var cutter = LineCutter(), count = 0
        var waiting: [[UInt8]] = []
        var chain = BatchChain(work: work, dryRun: dryRun)
        func take(_ lines: [[UInt8]]) throws(Problem) {
            guard count + lines.count <= Self.items else { throw .tooManyItems }
            count += lines.count
            waiting += lines
        }
        /// Nothing is read before its turn: that takes longer than anything else here.
        func next(_ number: Int) -> @Sendable () -> [BatchReading] {
            let page = Array(waiting.prefix(number)), first = count - waiting.count
            waiting.removeFirst(page.count)
            return { page.enumerated().map { work.read($0.element, at: first + $0.offset) } }
        }
        while let chunk = try await stream.next() {
            try take(cutter.take(chunk))
            while !atomic, waiting.count >= Self.page { try await chain.take(next(Self.page)) }
        }
        try take(cutter.end())
        guard count > 0 else { throw .noItems }
        if atomic { return try await work.together(next(count)(), dryRun: dryRun) }
        if !waiting.isEmpty { try await chain.take(next(waiting.count)) }
        let results = try await chain.end()
        try work.refuseIfNothingStands(results)
        return results
    }

    private static func counts(_ results: [BatchResult]) -> [(name: String, value: String)] {
        let refused = results.count { $0.problem != nil }
        return [("x-accepted", "\(results.count - refused)"), ("x-refused", "\(refused)")]
    }

    private static func body(_ results: [BatchResult]) -> [UInt8] {
        let refused = results.count { $0.problem != nil }
        var body = Array("{\"accepted\":\(results.count - refused),\"refused\":\(refused),\"data\":[".utf8)
        for (place, result) in results.enumerated() {
            if place > 0 { body.append(UInt8(ascii: ",")) }
            body += result.bytes
        }
        return body + "]}".utf8
    }
}

/// `{"items": […], "defaults": {…}, "atomic": true, "dry_run": true}`
struct BatchDocument {
    /// With what `defaults` adds to each.
    var items: [JSON]
    var atomic: Bool
    var dryRun: Bool

    init(_ json: JSON) throws(Problem) {
        var fields = try RequestFields(json)
        let defaults = fields.value("defaults")
        let given = fields.value("items")
        atomic = fields.flag("atomic") ?? false
        dryRun = fields.flag("dry_run") ?? false
        if case .object? = defaults {
        } else if defaults != nil {
            fields.fail(.invalidValue, Words(ru: "defaults — объект {…}", en: "defaults is an object {…}"))
        }
        try fields.finish()
        guard case .array(let items)? = given, !items.isEmpty else { throw .noItems }
        guard items.count <= BatchResource.items else { throw .tooManyItems }
        guard case .object(let common)? = defaults else {
            self.items = items
            return
        }
        self.items = items.map { item in
            guard case .object(let own) = item else { return item }
            return .object(own + common.filter { item[$0.name] == nil })
        }
    }
}

extension Problem {
    static let noItems = Problem(
        .required, Words(ru: "в пакете нет сообщений", en: "there are no messages in the batch"),
        errors: [
            .init("/items", .required, Words(ru: "нужен непустой список", en: "a list that is not empty is needed"))
        ])

    static let tooManyItems = Problem(
        .payloadTooLarge,
        Words(
            ru: "в пакете больше \(BatchResource.items) сообщений: разделите его",
            en: "the batch holds more than \(BatchResource.items) messages: split it"))
}
