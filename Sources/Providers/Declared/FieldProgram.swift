import Domain

/// How the bytes of a value are written in the place where they stand, so that they stay a value there.
enum FieldForm: Sendable {
    /// A header or a whole body.
    case plain
    /// A query or a form (RFC 3986).
    case percent
    /// Between the quotes of a JSON text (RFC 8259 §7).
    case json

    func write(_ bytes: some Collection<UInt8>, to out: inout [UInt8]) {
        switch self {
        case .plain: out.append(contentsOf: bytes)
        case .percent: PercentEncoding.write(bytes, to: &out)
        case .json: JSONValue.writeInside(bytes, to: &out)
        }
    }
}

/// A `FieldTemplate` prepared for one account and one place: what the settings say is already written in it, what a
/// message says is appended to a buffer.
struct FieldProgram: Sendable {
    private enum Piece: Sendable {
        case bytes([UInt8])
        case fact(FieldTemplate.Fact, FieldTemplate.Filter?)
    }

    private let pieces: [Piece]
    /// A setting in it has no value: it never has one.
    let isMissing: Bool
    private let form: FieldForm

    init(_ template: FieldTemplate, _ settings: ProviderSettings, as form: FieldForm) {
        var pieces: [Piece] = []
        var isMissing = false
        for piece in template.pieces {
            switch piece {
            case .literal(let text): Self.append(Array(text.utf8), as: form, to: &pieces)
            case .value(let name, let filter):
                if let fact = FieldTemplate.Fact(rawValue: name) {
                    pieces.append(.fact(fact, filter))
                } else if let value = Self.value(settings.named(name), filter), !value.isEmpty {
                    Self.append(value, as: form, to: &pieces)
                } else {
                    isMissing = true
                }
            }
        }
        self.init(pieces, isMissing, form)
    }

    private init(_ pieces: [Piece], _ isMissing: Bool, _ form: FieldForm) {
        (self.pieces, self.isMissing, self.form) = (pieces, isMissing, form)
    }

    /// With these words before it, which stand there even if it is missing.
    func preceded(by words: String) -> FieldProgram {
        var pieces: [Piece] = []
        Self.append(Array(words.utf8), as: form, to: &pieces)
        if isMissing { return FieldProgram(pieces, false, form) }
        guard case .bytes(let before) = pieces.first, case .bytes(let first) = self.pieces.first else {
            return FieldProgram(pieces + self.pieces, false, form)
        }
        return FieldProgram([.bytes(before + first)] + self.pieces.dropFirst(), false, form)
    }

    private static func append(_ bytes: [UInt8], as form: FieldForm, to pieces: inout [Piece]) {
        var all: [UInt8] = []
        if case .bytes(let before) = pieces.last {
            all = before
            pieces.removeLast()
        }
        form.write(bytes, to: &all)
        pieces.append(.bytes(all))
    }

    private static func value(_ setting: String?, _ filter: FieldTemplate.Filter?) -> [UInt8]? {
        guard let setting else { return nil }
        let digits = setting.utf8.filter { (0x30...0x39).contains($0) }
        return switch filter {
        case nil: Array(setting.utf8)
        case .digits, .int: digits
        case .e164: [UInt8(ascii: "+")] + digits
        // Only of facts; the reader of descriptions sees to that.
        case .minutes, .seconds, .hhmm, .coding: nil
        }
    }

    /// Appends the value; where a name in it has none, appends nothing and says false.
    func write(_ fields: Fields, to out: inout [UInt8]) -> Bool {
        guard !isMissing else { return false }
        let start = out.count
        for piece in pieces {
            switch piece {
            case .bytes(let bytes): out.append(contentsOf: bytes)
            case .fact(let fact, let filter):
                let before = out.count
                fields.write(fact, filter, as: form, to: &out)
                guard out.count > before else {
                    out.removeSubrange(start...)
                    return false
                }
            }
        }
        return true
    }

    /// The value where no message has a say in it; empty where it is missing.
    var constant: [UInt8]? {
        if isMissing { return [] }
        switch (pieces.count, pieces.first) {
        case (0, _): return []
        case (1, .bytes(let bytes)): return bytes
        default: return nil
        }
    }
}
