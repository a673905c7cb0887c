import Domain

/// A provider's words may repeat what we said: the login, the key, the whole number. Failures are logged and shown, so
/// neither may stay in them.
struct Redaction: Sendable {
    private let hidden: [(text: [UInt8], instead: [UInt8])]

    init(secrets: [String], address: Address) {
        let exposed = Array(address.exposed.utf8)
        let digits = exposed.filter { (0x30...0x39).contains($0) }
        let masked = Array(address.masked.utf8)
        var hidden = secrets.map { (text: Array($0.utf8), instead: Array("•••".utf8)) }
        hidden.append((exposed, masked))
        if digits.count >= 5 { hidden.append((digits, masked)) }
        self.hidden = hidden.filter { $0.text.count >= 3 }
    }

    func callAsFunction(_ words: String) -> String {
        let bytes = Array(words.utf8.prefix(1000))
        var clean: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if let found = hidden.first(where: { bytes[at...].starts(with: $0.text) }) {
                clean += found.instead
                at += found.text.count
            } else {
                clean.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: clean, as: UTF8.self)
    }

    func callAsFunction(_ failure: DeliveryFailure) -> DeliveryFailure {
        DeliveryFailure(
            failure.reason, code: failure.code.map { self($0) }, detail: failure.detail.map { self($0) },
            retryAfter: failure.retryAfter)
    }
}
