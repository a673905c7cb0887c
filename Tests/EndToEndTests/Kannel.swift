import Foundation

/// A real Kannel gateway (bearerbox, smsbox) with Kannel's own fake SMS centre behind it, on loopback.
struct Kannel {
    let sendsms: Int
    let centre: Running
    private let bearerbox: Running
    private let smsbox: Running
    private let folder: Folder

    static func start() async throws -> Kannel {
        let folder = try Folder()
        let ports = (sendsms: try freePort(), admin: try freePort(), box: try freePort(), centre: try freePort())
        try FileManager.default.createDirectory(atPath: folder["store"], withIntermediateDirectories: true)
        try folder.write(
            """
            group = core
            admin-port = \(ports.admin)
            admin-interface = 127.0.0.1
            admin-password = adm
            smsbox-port = \(ports.box)
            smsbox-interface = 127.0.0.1
            box-allow-ip = "127.0.0.1"
            store-type = spool
            store-location = "\(folder["store"])"
            dlr-storage = internal

            group = smsc
            smsc = fake
            smsc-id = FAKE
            port = \(ports.centre)
            connect-allow-ip = 127.0.0.1

            group = smsbox
            smsbox-id = box
            bearerbox-host = 127.0.0.1
            sendsms-port = \(ports.sendsms)
            sendsms-interface = 127.0.0.1
            mo-recode = true

            group = sendsms-user
            username = foo
            password = bar
            max-messages = 8
            concatenation = true
            default-smsc = FAKE

            """, to: "kannel.conf")
        let bearerbox = try Running([folder["kannel.conf"]], program: Stranger.bearerbox.url)
        try await listening(on: ports.box)
        try await listening(on: ports.centre)
        let smsbox = try Running([folder["kannel.conf"]], program: Stranger.smsbox.url)
        try await listening(on: ports.sendsms)
        // The centre ends at the end of its standard input: a shell holds one open that never speaks.
        let centre = try Running(
            ["-c", "sleep 600 | exec \(Stranger.fakesmsc.rawValue) -H 127.0.0.1 -r \(ports.centre) -m 0"],
            program: URL(filePath: "/bin/sh"))
        try await Task.sleep(for: .milliseconds(500))
        return Kannel(sendsms: ports.sendsms, centre: centre, bearerbox: bearerbox, smsbox: smsbox, folder: folder)
    }

    /// The texts that reached the centre. It prints each part in the encoding of a URL, Cyrillic as big-endian UTF-16.
    var received: String {
        let lines = (centre.out.text + centre.err.text).split(separator: "\n").filter { $0.contains("Got message") }
        return lines.map { line in
            guard let start = line.range(of: " ucs-2 ") ?? line.range(of: " data ") else { return String(line) }
            var bytes: [UInt8] = []
            var rest = Array(line[start.upperBound...].utf8)[...]
            if rest.last == UInt8(ascii: ">") { rest = rest.dropLast() }
            while let byte = rest.popFirst() {
                if byte == UInt8(ascii: "%"),
                    let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                {
                    bytes.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
                }
            }
            return String(bytes: bytes, encoding: .utf16BigEndian) ?? String(line)
        }.joined()
    }

    func stop() async {
        for process in [smsbox, centre, bearerbox] {
            // Kannel takes half a minute to say goodbye, and nothing here is worth keeping.
            process.signal(SIGKILL)
            _ = try? await process.end(within: 10)
        }
    }
}
