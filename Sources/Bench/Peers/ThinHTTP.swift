import CCurl
import Domain
import Glibc

/// libcurl's multi interface as bare as it goes: pooled handles, the options set once, no database, no policy.
final class ThinHTTP {
    private let multi: UnsafeMutableRawPointer
    private var handles: [UnsafeMutableRawPointer] = []
    private let headers: UnsafeMutablePointer<curl_slist>?

    private static let text = "К оплате 3 250,50 ₽ до 15 декабря. УК Наш дом"

    init(port: Int, connections: Int) throws(BenchFailure) {
        guard curl_begin() == CURLE_OK, let multi = curl_multi_init() else {
            throw BenchFailure(.unavailable, ru: "libcurl не запустилась", en: "libcurl did not start")
        }
        self.multi = multi
        var list: UnsafeMutablePointer<curl_slist>?
        for line in [
            "Expect:", "Content-Type: text/plain; charset=UTF-8", "X-Kannel-Username: bench",
            "X-Kannel-Password: bench-key", "X-Kannel-From: UKDOM", "X-Kannel-To: 79990000001", "X-Kannel-Coding: 2",
            "X-Kannel-Validity: 1440", "User-Agent: Vestnik",
        ] { list = curl_slist_append(list, line) }
        headers = list
        for _ in 0..<connections { handles.append(try handle(port)) }
    }

    deinit {
        for handle in handles { curl_easy_cleanup(handle) }
        curl_multi_cleanup(multi)
        curl_slist_free_all(headers)
    }

    private func handle(_ port: Int) throws(BenchFailure) -> UnsafeMutableRawPointer {
        guard let handle = curl_easy_init() else {
            throw BenchFailure(.unavailable, ru: "нет памяти", en: "no memory")
        }
        curl_set_text(handle, CURLOPT_URL, "http://127.0.0.1:\(port)/cgi-bin/sendsms")
        curl_set_text(handle, CURLOPT_PROXY, "")
        curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        curl_set_text(handle, CURLOPT_COPYPOSTFIELDS, Self.text)
        curl_set_list(handle, CURLOPT_HTTPHEADER, headers)
        curl_set_stream(handle, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
        return handle
    }

    func run(_ total: Int) {
        var (begun, done) = (0, 0)
        for handle in handles.prefix(total) {
            curl_multi_add_handle(multi, handle)
            begun += 1
        }
        var (running, left): (Int32, Int32) = (0, 0)
        while done < total {
            curl_multi_perform(multi, &running)
            while let message = curl_multi_info_read(multi, &left) {
                guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
                precondition(curl_result(message) == CURLE_OK, "the sink hung up")
                curl_multi_remove_handle(multi, handle)
                done += 1
                if begun < total {
                    curl_multi_add_handle(multi, handle)
                    begun += 1
                }
            }
            curl_multi_poll(multi, nil, 0, 1000, nil)
        }
    }
}
