@_spi(_Unicode) import Swift

extension String {
    /// Canonical composition (NFC). Two spellings of «й» become the same bytes, in SQLite and on the wire as well as
    /// for `==`. Done once, at the edge, before validation and storage.
    package var nfc: String {
        if utf8.allSatisfy({ $0 < 0x80 }) { return self }
        var composed = ""
        composed.unicodeScalars.append(contentsOf: _nfc)
        return composed
    }

    /// The same bytes: `==` on String calls "й" and "и" + U+0306 equal, a database does not.
    package func sameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
