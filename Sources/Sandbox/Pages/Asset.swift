import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// A file for the browser, named after its content, so that it may be kept for ever.
struct Asset: Sendable {
    let path: String
    private let type: String
    private let text: String

    init(name: String, suffix: String, type: String, text: String) {
        let digest = SHA256.hash(data: Data(text.utf8)).prefix(6)
        let hex = digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        path = "/assets/\(name)-\(hex).\(suffix)"
        self.type = type
        self.text = text
    }

    var response: Response {
        Response(
            status: .ok,
            headers: [
                .contentType: type, .cacheControl: "public, max-age=31536000, immutable",
                .xContentTypeOptions: "nosniff",
            ], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
