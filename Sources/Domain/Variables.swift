/// What a template's variable holds: text as the caller wrote it, or the rows of a table. Money, dates and phones stay
/// text with a declared type; no number is ever rounded on its way through us.
package enum Variable: Sendable, Hashable {
    case text(String)
    case flag(Bool)
    case list([[String: Variable]])
}

package typealias Variables = [String: Variable]

/// A template and the content hash of the version a message was accepted with (`sha256:…`).
package struct TemplateRef: Sendable, Hashable {
    package let id: String
    package let version: String
    package init(id: String, version: String) {
        self.id = id
        self.version = version
    }
}
