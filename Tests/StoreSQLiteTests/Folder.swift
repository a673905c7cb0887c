import Domain
import Foundation
import GRDB
import Testing

/// A folder of its own for each test; it goes when the test is over.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "vestnik-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var database: String { path + "/vestnik.db" }
    var intake: String { path + "/intake.db" }

    /// Another program's connection to a file, with no knowledge of ours.
    func stranger<Value>(_ file: String, _ work: (Database) throws -> Value) throws -> Value {
        let queue = try DatabaseQueue(path: file)
        defer { try? queue.close() }
        return try queue.writeWithoutTransaction(work)
    }

    func mode(_ file: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        return try #require(attributes[.posixPermissions] as? NSNumber).intValue
    }
}

/// The error of a call that must fail.
func failure(_ work: () async throws -> Void) async -> StoreError? {
    do {
        try await work()
        return nil
    } catch { return error as? StoreError }
}
