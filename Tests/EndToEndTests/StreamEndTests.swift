import Foundation
import Testing

/// Listeners that never hang up do not hold up the end of the gateway.
struct StreamEndTests {
    private static let listeners = """
        import socket, sys
        host, port = sys.argv[1].split(':')
        socks = []
        for _ in range(50):
            s = socket.create_connection((host, int(port)), timeout=20)
            s.sendall(('GET /v1/events/stream HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer %s\\r\\n\\r\\n' % sys.argv[2]).encode())
            socks.append(s)
        for s in socks:
            got = b''
            while b': connected' not in got:
                more = s.recv(4096); assert more, got; got += more
        print('all listen', flush=True)
        ended = 0
        for s in socks:
            got = b''
            while True:
                more = s.recv(4096)
                if not more: break
                got += more
            # The chunk of length zero: an end that was said, not a connection that broke.
            ended += got.endswith(b'0\\r\\n\\r\\n')
        print('ended', ended, flush=True)
        """

    @Test(.timeLimit(.minutes(1))) func fiftyListenersHoldUpNoStop() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        let house = try await site.open()
        let key = try await site.key()
        let listeners = try Running(
            ["-c", Self.listeners, String(house.api.dropFirst("http://".count)), key],
            program: URL(filePath: "/usr/bin/python3"))
        _ = try await listeners.line(with: "all listen")
        let began = ContinuousClock.now
        #expect(try await site.stop(house.serve) == 0)
        let took = ContinuousClock.now - began
        print("stream end: 50 listeners, \(took)")
        #expect(took < .seconds(5))
        #expect(try await listeners.end(within: 20) == 0, "\(listeners.err.text)")
        #expect(listeners.out.text.contains("ended 50"), "\(listeners.out.text)")
    }
}
