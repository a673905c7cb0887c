package import Domain
package import Foundation

/// How to start a sandbox. Everything has a default that suits a test.
package struct SandboxSettings: Sendable {
    /// `127.0.0.1` or `::1`; anything else is refused.
    package var host = "127.0.0.1"
    /// 0 picks a free port.
    package var smtpPort = 0
    package var httpPort = 0
    /// How many messages the inbox remembers; older ones fall out.
    package var capacity = 20_000
    /// NDJSON, one line per arrival, written before the answer leaves; appended to if it exists.
    package var witnessFile: String?
    /// Where `sandbox-ca.pem` is written, so that clients can trust STARTTLS.
    package var certificateFolder: String?
    /// When given, SMTP AUTH, Kannel and SMSC accept only this pair. Otherwise any name and password will do.
    package var login: Login?
    package var chaos = Chaos()
    /// The same seed and the same sequence of messages give the same troubles.
    package var seed: UInt64 = 1
    /// Between the acceptance of an SMS and its delivery report.
    package var reportDelay: Duration = .milliseconds(100)
    /// SMSC and SMS.ru have one address for reports per account, set in their cabinets. Here it is. Loopback only.
    package var smscReportURL: String?
    package var smsruReportURL: String?
    /// The word that SMSC mixes into the digest of its reports.
    package var smscReportSecret = ""
    /// SMSC refuses the same text to the same number within a minute with code 9.
    package var smscDuplicateFilter = false
    /// How long a greylisted address must wait, in seconds.
    package var greySeconds: Double = 0.2
    package var maxConnections = 512
    package var now: @Sendable () -> Date = { Date() }

    package struct Login: Sendable, Hashable {
        package let user: String
        package let password: String
        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    package init(
        smtpPort: Int = 0, httpPort: Int = 0, witnessFile: String? = nil, certificateFolder: String? = nil,
        chaos: Chaos = Chaos(), seed: UInt64 = 1
    ) {
        self.smtpPort = smtpPort
        self.httpPort = httpPort
        self.witnessFile = witnessFile
        self.certificateFolder = certificateFolder
        self.chaos = chaos
        self.seed = seed
    }

    func check() throws(SandboxError) {
        guard Loopback.hosts.contains(host) else { throw .notLoopback(host) }
        for url in [smscReportURL, smsruReportURL] {
            if let url, Loopback.target(of: url) == nil { throw .notLoopback(url) }
        }
    }
}

/// Why a sandbox did not start.
package enum SandboxError: Error, Sendable, Equatable {
    case notLoopback(String)
    case portTaken(port: Int, detail: String)
    case witnessUnwritable(path: String, detail: String)
    case certificate(detail: String)

    /// What is wrong and what to do.
    package var words: Words {
        switch self {
        case .notLoopback(let address):
            Words(
                ru: "песочница работает только на этой машине: адрес \(address) не годится, нужен 127.0.0.1",
                en: "the sandbox lives on loopback only: \(address) will not do, use 127.0.0.1")
        case .portTaken(let port, let detail):
            Words(
                ru: "порт \(port) не открылся (\(detail)): укажите другой или 0, чтобы взять любой свободный",
                en: "port \(port) did not open (\(detail)): give another one, or 0 for any free port")
        case .witnessUnwritable(let path, let detail):
            Words(
                ru: "не удаётся писать в \(path) (\(detail)): проверьте папку и права",
                en: "cannot write \(path) (\(detail)): check the folder and its permissions")
        case .certificate(let detail):
            Words(
                ru: "не удалось сделать сертификат для STARTTLS: \(detail)",
                en: "could not make the certificate for STARTTLS: \(detail)")
        }
    }
}
