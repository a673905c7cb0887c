import Bench
import Testing

@Suite struct AnswerScanTests {
    struct Heard: CustomTestStringConvertible, Sendable {
        let text: String
        let status: Int?
        init(_ text: String, _ status: Int?) {
            self.text = text
            self.status = status
        }
        var testDescription: String { text.debugDescription }
    }

    static let cases = [
        Heard("", nil),
        Heard("HTTP/1.1 202 Accepted\r\n", nil),
        Heard("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n", nil),
        Heard("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{", nil),
        Heard("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}", 202),
        Heard("HTTP/1.1 429 Too Many Requests\r\nServer: x\r\ncontent-length: 0\r\n\r\n", 429),
        Heard("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", nil),
        Heard("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200),
    ]

    @Test(arguments: cases) func anAnswerIsWholeOrNotYet(_ heard: Heard) {
        #expect(HTTPAnswerScan.whole(Array(heard.text.utf8)) == heard.status)
    }

    static let accepted = [
        Heard("HTTP/1.1 202 Accepted\r\nX-Accepted: 10000\r\n", nil),
        Heard("HTTP/1.1 202 Accepted\r\nX-Accepted: 10000\r\nX-Refused: 0\r\n\r\n", 10_000),
        Heard("HTTP/1.1 202 Accepted\r\nx-refused: 9999\r\nx-accepted:1\r\n\r\n{}{}{}", 1),
        Heard("HTTP/1.1 202 Accepted\r\nContent-Length: 7\r\n\r\nx-accepted: 5\r\n", nil),
        Heard("HTTP/1.1 202 Accepted\r\nX-Accepted: some\r\n\r\n", nil),
    ]

    @Test(arguments: accepted) func whatWasTakenStandsInTheHead(_ heard: Heard) {
        #expect(HTTPAnswerScan.number("x-accepted", Array(heard.text.utf8)) == heard.status)
    }
}
