import CCurl

/// The libcurl this process runs with.
package enum CurlLibrary {
    /// `libcurl/7.88.1 OpenSSL/3.0.17 …`
    package static var version: String { String(cString: curl_version()) }
}
