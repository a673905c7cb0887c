package import Domain

/// Where compiled templates stand. A message keeps the version it was accepted with, so old versions stay reachable.
package protocol TemplateShelf: Sendable {
    /// The version that new messages get; nil when there is no such template.
    func current(_ id: String) -> Template?
    /// The very version a message was accepted with; nil when its source is gone.
    func template(_ ref: TemplateRef) -> Template?
    var ids: [String] { get }
    /// All that can still be rendered, the current one first; empty where there is no such template.
    func versions(of id: String) -> [String]
}

extension TemplateShelf {
    package func versions(of id: String) -> [String] { current(id).map { [$0.ref.version] } ?? [] }
}

/// Keeps the source of every version that a message was ever accepted with, beside the messages.
package protocol TemplateArchive: Sendable {
    /// `source` is an opaque, self-contained form of the template (JSON); known versions are left alone.
    func keep(_ versions: [(ref: TemplateRef, source: [UInt8])]) async throws(StoreError)
    func kept() async throws(StoreError) -> [(ref: TemplateRef, source: [UInt8])]
}
