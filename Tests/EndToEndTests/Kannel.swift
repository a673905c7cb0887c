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

    func stop() async {
        for process in [smsbox, centre, bearerbox] {
            process.signal(SIGTERM)
            _ = try? await process.end(within: 10)
        }
    }
}
