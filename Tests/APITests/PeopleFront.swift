import Domain
import Foundation
import Journal
import Policy
import StoreSQLite
import Testing

extension Front {
    /// Who keeps the books of residents.
    static func keepers(_ key: String) -> Caller? {
        let scopes: Set<Scope> = [.consentsWrite, .messagesRead, .messagesWrite, .opsRead]
        return switch key {
        case "vk_live_crm": Caller(client: "crm", key: "crm00001", scopes: scopes)
        case "vk_test_crm": Caller(client: "crm", key: "crm00002", mode: .test, scopes: scopes)
        case "vk_live_admin": Caller(client: "chief", key: "admin001", scopes: [.admin])
        default: nil
        }
    }

    func crm(
        _ method: String, _ path: String, _ body: String? = nil, key: String = "vk_live_crm",
        headers: [String: String] = [:]
    ) async -> Wire.Reply {
        await wire.ask(method, path, key: key, headers: headers, json: body)
    }

    func ledger(_ id: String) async throws -> [ConsentRecord] { try await store.ledger(of: RecipientID(id)!) }

    /// Who wrote the lines of one kind, oldest first.
    func journal(_ event: String) async throws -> [String] {
        try await store.entries(after: 0, limit: 10_000).filter { $0.event == event }.map(\.by)
    }
}

extension Wire.Reply {
    var data: [[String: Any]] { json["data"] as? [[String: Any]] ?? [] }
    var errors: [String] {
        (json["errors"] as? [[String: Any]] ?? []).map { "\($0["pointer"] ?? "") \($0["code"] ?? "")" }
    }

    /// The body out of its chunks; nil where it broke off before the last one.
    var whole: String? {
        guard headers["transfer-encoding"] == "chunked" else { return text }
        var rest = body[...], all: [UInt8] = []
        while let end = rest.firstIndex(of: 0x0D),
            let size = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16)
        {
            if size == 0 { return String(decoding: all, as: UTF8.self) }
            let start = end + 2
            guard rest.endIndex >= start + size + 2 else { return nil }
            all += rest[start..<start + size]
            rest = rest[(start + size + 2)...]
        }
        return nil
    }
}
