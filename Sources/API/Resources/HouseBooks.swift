import Domain
import Intake
import Policy

/// The books of residents belong to the house, not to a client: any key with the scope reads them, and what one client
/// wrote another may change. The journal knows who it was.
extension Reception {
    /// Who changes the books by this call: `client:billing`.
    ///
    /// - Throws: `forbidden_scope` for a test key, whose world is not the residents'. A full queue is no reason: what a resident
    ///   forbids is written down all the same.
    func keeper(_ call: Call) throws(Problem) -> String {
        let caller = try call.client()
        guard caller.mode != .test else { throw .testChangesNothing }
        return "client:" + caller.client
    }

    /// Where a page begins: the `after` of the query.
    func cursor<Kind>(_ call: Call, _: Kind.Type = Kind.self) throws(Problem) -> ID<Kind>? {
        try cursor(call.query["after"])
    }

    /// The same where it stands in a body.
    func cursor<Kind>(_ text: String?, _: Kind.Type = Kind.self) throws(Problem) -> ID<Kind>? {
        guard let text else { return nil }
        if let id = ID<Kind>(text) { return id }
        throw .parameter(
            "after", Words(ru: "нужно значение next прошлой страницы", en: "the next of a page before is needed"))
    }
}

extension Call {
    /// - Throws: `not_found`: a text that can name nobody names nobody.
    func recipient() throws(Problem) -> RecipientID {
        guard let id = parameters["external_id"].flatMap({ RecipientID($0) }) else { throw .noRecipient }
        return id
    }
}

extension Problem {
    static let noRecipient = Problem(
        .notFound, Words(ru: "такого получателя нет", en: "there is no such recipient"))

    static let testChangesNothing = Problem(
        .forbiddenScope,
        Words(
            ru: "ключ vk_test_ ничего не меняет в книгах жителей: нужен ключ vk_live_",
            en: "a vk_test_ key changes nothing in the books of residents: a vk_live_ key is needed"))
}
