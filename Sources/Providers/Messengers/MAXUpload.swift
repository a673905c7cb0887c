import Delivery
import Domain

/// Files go to MAX before the message: `POST /uploads` names a place, the place gives a token. Nothing of this reaches
/// the resident, so a lost or senseless answer here is always safe to repeat.
extension MAXProvider {
    func upload(
        _ file: Attachment, of submission: Submission,
        then next: @escaping @Sendable (String) throws(DeliveryFailure) -> HTTPExchange
    ) -> HTTPExchange {
        let request = HTTPRequest(
            "POST", "\(base.text)/uploads?type=file", headers: [.init("Authorization", token.exposed)])
        return HTTPExchange(request, delivers: false) { response throws(DeliveryFailure) in
            let body = try self.body(of: response, submission)
            guard let url = body["url"]?.written else { throw self.repeatable(response, body, submission) }
            try self.checkPlace(url)
            return .next(self.put(file, to: url, named: body["token"]?.written, of: submission, then: next))
        }
    }

    private func put(
        _ file: Attachment, to url: String, named token: String?, of submission: Submission,
        then next: @escaping @Sendable (String) throws(DeliveryFailure) -> HTTPExchange
    ) -> HTTPExchange {
        var form = Multipart(for: submission.reference, files: [file])
        form.add("data", file)
        form.close()
        // No Authorization: the address itself is the permission, and the host is another one.
        let request = HTTPRequest("POST", url, headers: [.init("Content-Type", form.contentType)], body: form.body)
        return HTTPExchange(request, delivers: false) { response throws(DeliveryFailure) in
            let body = try self.body(of: response, submission)
            guard let token = body["token"]?.written ?? token, !token.utf8.isEmpty else {
                throw self.repeatable(response, body, submission)
            }
            return .next(try next(token))
        }
    }

    private func body(of response: HTTPResponse, _ submission: Submission) throws(DeliveryFailure) -> JSONValue {
        let body = JSONReader.read(response.body)
        guard (200...299).contains(response.status), let body else { throw repeatable(response, body, submission) }
        return body
    }

    /// What nobody understood cannot have been delivered here: it is tried again.
    private func repeatable(_ response: HTTPResponse, _ body: JSONValue?, _ submission: Submission) -> DeliveryFailure {
        let failure = Redaction(secrets: [token.exposed], address: submission.to.address)(
            MAXReply.failure(response, body, at: time.now().wall))
        guard failure.outlook == .unknown else { return failure }
        return DeliveryFailure(
            .unreachable, code: failure.code, detail: failure.detail ?? "an upload was not understood")
    }

    /// The place comes from a reply. It is followed only to the interface's own address or, by TLS, to MAX's known
    /// hosts: whoever can forge a reply must not make us write into our own network.
    private func checkPlace(_ url: String) throws(DeliveryFailure) {
        guard let place = BaseURL(url, queryAllowed: true), isAllowed(place) else {
            throw DeliveryFailure(.misconfigured, detail: "MAX named a place for uploads that is not its own")
        }
    }

    private func isAllowed(_ place: BaseURL) -> Bool {
        if place.scheme == base.scheme, place.authority == base.authority { return true }
        guard place.scheme == "https" else { return false }
        let host = place.host
        return uploadHosts.contains(host)
            || Self.uploadDomains.contains { host.utf8.reversed().starts(with: $0.utf8.reversed()) }
    }

    private static let uploadDomains = [".max.ru", ".oneme.ru", ".okcdn.ru", ".mycdn.me"]
}
