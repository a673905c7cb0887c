package import Intake

/// The description of the API as it is served, and as pages and tests read it.
package struct OpenAPI: Sendable {
    /// `/openapi.json`.
    package static var bytes: [UInt8] { Array(text.utf8) }
    /// Read once, when somebody first asks.
    package static let document = try? OpenAPI(bytes)

    package struct Operation: Sendable {
        /// Upper case.
        package var method: String
        package var path: String
        package var members: JSON
        package var id: String { members["operationId"]?.plain ?? "" }
    }

    package let json: JSON
    /// In the order of the document.
    package let operations: [Operation]

    package init(_ bytes: [UInt8]) throws(JSONFault) {
        json = try JSONScan.value(of: bytes)
        operations = (json["paths"]?.members ?? []).flatMap { path in
            path.value.members.map { Operation(method: $0.name.uppercased(), path: path.name, members: $0.value) }
        }
    }

    /// What `$ref` points to, or the value itself.
    package func resolved(_ value: JSON) -> JSON {
        guard let text = value["$ref"]?.plain, text.utf8.starts(with: "#/".utf8) else { return value }
        let found = text.utf8.dropFirst(2).split(separator: UInt8(ascii: "/"))
            .reduce(JSON?.some(json)) { $0?[String(decoding: $1, as: UTF8.self)] }
        // One step at a time: what refers to itself is given up, not followed for ever.
        guard let found, found != value else { return value }
        return resolved(found)
    }

    /// Its parameters, references followed.
    package func parameters(of operation: Operation) -> [JSON] {
        (operation.members["parameters"]?.items ?? []).map(resolved)
    }

    /// Status and answer, references followed.
    package func answers(of operation: Operation) -> [(status: String, answer: JSON)] {
        (operation.members["responses"]?.members ?? []).map { ($0.name, resolved($0.value)) }
    }
}

extension JSON {
    /// The text of a string; nil for all else.
    package var plain: String? { if case .string(let text) = self { text } else { nil } }
    /// Nothing where it is no object.
    package var members: [Member] { if case .object(let members) = self { members } else { [] } }
    /// Nothing where it is no list.
    package var items: [JSON] { if case .array(let items) = self { items } else { [] } }

    /// For people: a member a line, two spaces for each level.
    var indented: String { indented(1) }

    private func indented(_ depth: Int) -> String {
        let pad = String(repeating: "  ", count: depth), end = String(repeating: "  ", count: depth - 1)
        switch self {
        case .object(let members) where !members.isEmpty:
            let rows = members.map { member in
                pad + String(decoding: JSON.string(member.name).bytes, as: UTF8.self) + ": "
                    + member.value.indented(depth + 1)
            }
            return "{\n" + rows.joined(separator: ",\n") + "\n" + end + "}"
        case .array(let items) where !items.isEmpty:
            let rows = items.map { pad + $0.indented(depth + 1) }
            return "[\n" + rows.joined(separator: ",\n") + "\n" + end + "]"
        case .object, .array, .null, .bool, .number, .string: return String(decoding: bytes, as: UTF8.self)
        }
    }
}
