import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The page for people, at `/`. Rendered here, works without JavaScript; the script only says that something new came.
struct Pages: Sendable {
    let counters: Counters
    private let style = Asset(name: "sandbox", suffix: "css", type: "text/css; charset=utf-8", text: Style.sheet)
    private let script = Asset(
        name: "sandbox", suffix: "js", type: "text/javascript; charset=utf-8", text: Script.source)

    /// How many messages a page lists.
    static let shown = 100

    private static let policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    /// The mail brings its own styles and may load nothing and run nothing.
    private static let mailPolicy =
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'"

    init(counters: Counters) { self.counters = counters }

    func addRoutes(to router: Router<WireContext>) {
        router.get("/") { request, context in guarded(request) { page(request, context) } }
        router.get("/mail/{id}") { request, context in guarded(request) { mail(context) } }
        router.post("/chaos") { request, context in try await change(request, context, setChaos) }
        router.post("/clear") { request, context in try await change(request, context) { _ in clear() } }
        for asset in [style, script] {
            router.get(RouterPath(asset.path)) { _, _ in asset.response }
        }
        router.get("/favicon.svg") { _, _ in Self.favicon }
        router.get("/favicon.ico") { _, _ in Self.favicon }
        router.get("/robots.txt") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain"],
                body: .init(byteBuffer: ByteBuffer(string: "User-agent: *\nDisallow: /\n")))
        }
    }

    private func page(_ request: Request, _ context: WireContext) -> Response {
        let asked = PageRequest(FormBody(Array((request.uri.query ?? "").utf8)))
        let inbox = counters.inbox
        let list = inbox.list(InboxFilter(channels: asked.tab.channels, limit: Self.shown))
        let selected = asked.id.flatMap(inbox.message)
        let page = InboxPage(
            asked: asked, messages: list, selected: selected ?? (asked.id == nil ? list.first : nil),
            counts: inbox.counts(), latest: inbox.capturedTotal, chaos: counters.dice.chaos,
            ports: .init(http: context.channel.localAddress?.port ?? 0, smtp: counters.smtpPort),
            style: style.path, script: script.path)
        return html(page.html, status: asked.id != nil && selected == nil ? .notFound : .ok)
    }

    private func mail(_ context: WireContext) -> Response {
        guard let message = context.parameters.get("id").flatMap({ Int($0) }).flatMap(counters.inbox.message),
            let html = message.html
        else { return Response(status: .notFound) }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: Self.mailPolicy,
                .xContentTypeOptions: "nosniff", .cacheControl: "no-store", .xFrameOptions: "SAMEORIGIN",
                .referrerPolicy: "no-referrer",
            ], body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    // MARK: Forms

    private func change(
        _ request: Request, _ context: WireContext, _ act: (FormBody) -> Bool
    ) async throws -> Response {
        guard Visitor.isLocal(request) else { return Response(status: .forbidden) }
        guard let visit = try await counters.visit(request, context, limit: 64 << 10) else {
            return Response(status: .contentTooLarge)
        }
        let isDone = act(visit.form)
        let asked = PageRequest(visit.form)
        let link = asked.link { $0.id = nil }
        let mark = isDone ? "" : (link.contains("?") ? "&" : "?") + "chaos=wrong"
        return Response(status: .seeOther, headers: [.location: link + mark])
    }

    private func clear() -> Bool {
        counters.inbox.clear()
        return true
    }

    private func setChaos(_ form: FormBody) -> Bool {
        var chaos = Chaos()
        guard form["calm"] == nil else {
            counters.dice.chaos = chaos
            return true
        }
        func number(_ name: String, upTo limit: Int) -> Int? {
            guard let text = form[name], !text.isEmpty else { return 0 }
            return Int(text).flatMap { (0...limit).contains($0) ? $0 : nil }
        }
        for group in Chaos.groups {
            for knob in Chaos.Switches.names {
                guard let percent = number("\(group.name).\(knob.name)", upTo: 100) else { return false }
                chaos[keyPath: group.path][keyPath: knob.path] = percent
            }
        }
        guard let retryAfter = number("retry_after_seconds", upTo: 86_400), let delay = number("delay_ms", upTo: 60_000)
        else { return false }
        chaos.retryAfter = retryAfter
        chaos.delay = delay
        counters.dice.chaos = chaos
        return true
    }

    // MARK: Pieces

    private func guarded(_ request: Request, _ answer: () -> Response) -> Response {
        guard Visitor.isLocal(request) else {
            return Response(
                status: .misdirectedRequest, headers: [.contentType: "text/plain; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: Visitor.advice)))
        }
        return answer()
    }

    private func html(_ html: HTML, status: HTTPResponse.Status) -> Response {
        var fields: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: Self.policy, .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff", .referrerPolicy: "no-referrer",
        ]
        if let robots = HTTPField.Name("X-Robots-Tag") { fields[robots] = "noindex, nofollow" }
        return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: html.bytes)))
    }

    private static var favicon: Response {
        Response(
            status: .ok, headers: [.contentType: "image/svg+xml", .cacheControl: "max-age=86400"],
            body: .init(byteBuffer: ByteBuffer(string: Style.favicon)))
    }
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .referer
    static let xFrameOptions = HTTPField.Name("X-Frame-Options") ?? .contentSecurityPolicy
}
