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
    package func sameBytes(as other: String) -> Bool {
        // Most names that are compared differ in length, and that is known without looking.
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
