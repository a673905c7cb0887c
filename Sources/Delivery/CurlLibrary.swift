import CCurl

/// The libcurl this process runs with.
package enum CurlLibrary {
    /// `7.88.1`
    package static var version: String {
        // "libcurl/7.88.1 OpenSSL/3.0.17 …": the first word, without its name.
        let words = String(cString: curl_version()).split(separator: " ", maxSplits: 1)
        return words.first.map { String($0.split(separator: "/").last ?? $0) } ?? ""
    }
}
