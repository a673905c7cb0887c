import Domain
import HTTPTypes
package import Intake
package import Policy

/// One way in: where, who may, how much, and what happens. There is no route without a guard, because there is no value of
/// this type without one.
package struct Route: Sendable {
    /// Who may come in.
    package enum Guard: Sendable, Hashable {
        /// Anybody: pages for supervisors and documentation, nothing about people.
        case open
        /// A key with this scope.
        case scope(Scope)
    }

    /// What the body may be.
    package enum Body: Sendable, Hashable {
        /// None is read.
        case none
        /// JSON of at most so many bytes.
        case json(limit: Int)
        /// JSON that may be left out.
        case optionalJSON(limit: Int)
        /// Any of these media types; the handler reads it as it comes.
        case stream([String], limit: Int)
    }

    package typealias Handler = @Sendable (Call) async throws(Problem) -> Answer

    package let method: Method
    /// `/v1/messages/{id}`: literal segments and parameters.
    package let pattern: String
    package let access: Guard
    package let body: Body
    /// Names of the query parameters it knows; any other is refused.
    package let query: [String]
    package let handler: Handler

    package init(
        _ method: Method, _ pattern: String, _ access: Guard, body: Body = .none, query: [String] = [],
        _ handler: @escaping Handler
    ) {
        self.method = method
        self.pattern = pattern
        self.access = access
        self.body = body
        self.query = query
        self.handler = handler
    }
}

extension Route {
    var readsAsItComes: Bool { if case .stream = body { true } else { false } }
}

package enum Method: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"

    /// Nil for one we do not speak. HEAD is GET; its answer stays behind.
    init?(asking method: HTTPRequest.Method) {
        self.init(rawValue: method == .head ? HTTPRequest.Method.get.rawValue : method.rawValue)
    }
}

extension Route.Body {
    /// Limits that several routes share, in bytes.
    package static let message = Route.Body.json(limit: 256 << 10)
    package static let small = Route.Body.json(limit: 64 << 10)
    package static let word = Route.Body.optionalJSON(limit: 64 << 10)
}

extension Problem {
    /// No route leads there.
    package static let notFound = Problem(
        .notFound, Words(ru: "здесь ничего нет", en: "there is nothing here"))
}
