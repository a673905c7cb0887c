import Domain

/// Shapes of scalars that several files share.
extension YAMLValue {
    /// One line of visible text, NFC.
    func line(limit: Int = 300) throws(ConfigurationError) -> String {
        let text = try string().nfc
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw error(Words(ru: "здесь нужен текст", en: "text is needed here"))
        }
        let plain = text.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && $0.properties.generalCategory != .format
        }
        guard plain, text.utf8.count <= limit else {
            throw error(
                Words(
                    ru: "нужна одна строка до \(limit) байт без управляющих знаков",
                    en: "one line of up to \(limit) bytes without control characters is needed"))
        }
        return text
    }

    /// `22:00` → 1320 minutes after midnight.
    func timeOfDay() throws(ConfigurationError) -> Int {
        let bytes = Array(try string().utf8)
        if bytes.count == 5, bytes[2] == UInt8(ascii: ":"),
            let hours = Self.number(bytes[0...1]), let minutes = Self.number(bytes[3...4]), hours < 24, minutes < 60
        {
            return hours * 60 + minutes
        }
        throw error(Words(ru: "нужно время \"ЧЧ:ММ\"", en: "a time \"HH:MM\" is needed"))
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    func duration(in range: ClosedRange<Duration>) throws(ConfigurationError) -> Duration {
        let duration = try duration()
        guard range.contains(duration) else {
            let limits = "\(range.lowerBound.shown)…\(range.upperBound.shown)"
            throw error(Words(ru: "нужна длительность \(limits)", en: "a duration of \(limits) is needed"))
        }
        return duration
    }

    func oneOf(_ known: [String]) throws(ConfigurationError) -> String {
        let text = try string()
        guard known.contains(where: { $0.sameBytes(as: text) }) else { throw unknown(text, among: known) }
        return text
    }
}

extension Duration {
    /// As one writes it in the files: `30s`, `2h`, `1500ms`.
    package var shown: String {
        let milliseconds = self.milliseconds
        guard milliseconds % 1000 == 0 else { return "\(milliseconds)ms" }
        let seconds = milliseconds / 1000
        for (unit, size) in [("d", Int64(86_400)), ("h", 3600), ("m", 60)] where seconds != 0 && seconds % size == 0 {
            return "\(seconds / size)\(unit)"
        }
        return "\(seconds)s"
    }
}
