/// `filename=` of a Content-Disposition: quoted when it is plain ASCII, otherwise by RFC 2231, in pieces that fit a
/// line.
enum FileNameParameter {
    /// - Parameter name: cleaned, so without quotes, slashes and control characters.
    static func lines(_ name: String) -> [String] {
        let plain = name.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        if plain, name.utf8.count <= 60 { return ["filename=\"\(name)\""] }
        var pieces: [String] = [""]
        for scalar in name.unicodeScalars {
            let encoded = PercentEncoding.encode(String(scalar))
            if pieces[pieces.count - 1].utf8.count + encoded.utf8.count > 54 { pieces.append("") }
            pieces[pieces.count - 1] += encoded
        }
        if pieces.count == 1 { return ["filename*=UTF-8''\(pieces[0])"] }
        return pieces.enumerated().map { index, piece in
            "filename*\(index)*=\(index == 0 ? "UTF-8''" : "")\(piece)\(index < pieces.count - 1 ? ";" : "")"
        }
    }
}
