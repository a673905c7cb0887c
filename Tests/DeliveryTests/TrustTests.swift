import Delivery
import Domain
import Foundation
import GatewayTesting
import Testing

/// Whom we talk to: a stranger's certificate ends the conversation before anything of ours was said.
@Suite struct TrustTests {
    enum Authority: String, Sendable, CaseIterable {
        case right, other, system, missing
        var file: String? {
            switch self {
            case .right: Certificates.shared.authority
            case .other: Certificates.shared.otherAuthority
            case .system: nil
            case .missing: "/nonexistent/ca.pem"
            }
        }
    }

    private static func account(_ peer: TLSPeer, _ speech: TLSPeer.Speech, _ authority: Authority) -> SMTPAccount {
        let scheme = speech == .smtps ? "smtps" : "smtp"
        let account = AccountSettings(
            baseURL: "\(scheme)://127.0.0.1:\(peer.port)", caFile: authority.file, timeout: .seconds(5), concurrency: 2)
        return SMTPAccount(
            profile: ProviderProfile(id: ProviderID("tls")!, channels: [.email], concurrency: 2),
            settings: SMTPSettings(account: account, heloName: "gw.example", patience: .quick),
            composer: PlainComposer())
    }

    @Test(arguments: [TLSPeer.Speech.starttls, .smtps])
    func mailOverTLS(_ speech: TLSPeer.Speech) async throws {
        let peer = try TLSPeer(speech)
        let account = Self.account(peer, speech, .right)
        let first = await account.carry(.mail("canary-1\r\n"))
        #expect(try first.get().providerID == "TLS1")
        let answers = await account.carry((2...20).map { .mail("canary-\($0)\r\n", id: Int64($0)) })
        #expect(answers.allSatisfy { $0.outcome.word == "accepted" })
        await account.shutdown()
        await until { peer.heard.contains("QUIT") }
        #expect(Set(peer.heard.filter { $0.hasPrefix("canary") }) == Set((1...20).map { "canary-\($0)" }))
        #expect(peer.heard.filter { $0.hasPrefix("canary") }.count == 20)
        // What was offered before TLS (SIZE 5, no PIPELINING) does not count.
        #expect(peer.heard.count { $0 == "EHLO gw.example" } <= 2)
    }

    /// More than all buffers on the way hold: writes are refused and repeated in the middle.
    @Test(arguments: [TLSPeer.Speech.starttls, .smtps])
    func aLargeMailOverTLS(_ speech: TLSPeer.Speech) async throws {
        let peer = try TLSPeer(speech)
        let account = Self.account(peer, speech, .right)
        let line = String(repeating: "x", count: 70) + "\r\n"
        let answers = await account.carry(
            (1...4).map { .mail(String(repeating: line, count: 110_000 + $0), id: Int64($0)) })
        #expect(answers.map(\.outcome.failure) == Array(repeating: nil, count: 4))
        await account.shutdown()
        await until { peer.heard.count { $0.hasPrefix("size") } == 4 }
        #expect(Set(peer.heard.filter { $0.hasPrefix("size") }) == Set((1...4).map { "size \((110_000 + $0) * 72)" }))
    }

    @Test(arguments: [TLSPeer.Speech.starttls, .smtps], [Authority.other, .system, .missing])
    func unknownAuthority(_ speech: TLSPeer.Speech, _ authority: Authority) async throws {
        let peer = try TLSPeer(speech)
        let account = Self.account(peer, speech, authority)
        #expect(await account.carry(.mail()).word == "untrusted")
        await account.shutdown()
        #expect(peer.heard.isEmpty)
    }

    @Test(arguments: [TLSPeer.Speech.starttls, .smtps, .https], [Certificates.Kind.expired, .wrongName])
    func badCertificate(_ speech: TLSPeer.Speech, _ kind: Certificates.Kind) async throws {
        let peer = try TLSPeer(speech, kind)
        let outcome: Result<Receipt, DeliveryFailure>
        if speech == .https {
            let provider = PlainHTTP(url: "https://127.0.0.1:\(peer.port)", method: "GET")
            let account = HTTPAccount.test(provider, timeout: .seconds(5), caFile: Certificates.shared.authority)
            outcome = await account.carry(.sample())
            await account.shutdown()
        } else {
            let account = Self.account(peer, speech, .right)
            outcome = await account.carry(.mail())
            await account.shutdown()
        }
        #expect(outcome.word == "untrusted")
        #expect(peer.heard.isEmpty)
    }

    @Test(arguments: Authority.allCases) func https(_ authority: Authority) async throws {
        let peer = try TLSPeer(.https)
        let provider = PlainHTTP(url: "https://127.0.0.1:\(peer.port)", method: "GET")
        let account = HTTPAccount.test(provider, timeout: .seconds(5), caFile: authority.file)
        #expect(await account.carry(.sample()).word == (authority == .right ? "accepted" : "untrusted"))
        await account.shutdown()
        await until(within: .seconds(authority == .right ? 5 : 0)) { !peer.heard.isEmpty }
        #expect(peer.heard.count == (authority == .right ? 1 : 0))
    }

    /// libcurl would reuse a connection in clear for a mail that demands TLS, within one multi handle (CVE-2026-4873).
    @Test func aConnectionInClearIsNotReusedForTLS() async {
        let peer = SMTPPeer()
        let clear = SMTPAccount.test(peer)
        #expect(await clear.carry(.mail()).word == "accepted")
        let strict = SMTPAccount(
            profile: ProviderProfile(id: ProviderID("tls")!, channels: [.email], concurrency: 1),
            settings: SMTPSettings(
                account: AccountSettings(baseURL: "smtp://127.0.0.1:\(peer.port)"), heloName: "gw.example"),
            composer: PlainComposer())
        #expect(await strict.carry(.mail("canary\r\n", id: 2)).word == "untrusted")
        await strict.shutdown()
        await clear.shutdown()
        #expect(!peer.wire.contains("canary"))
    }

    @Test func plainTextInsteadOfTLS() async {
        let peer = SMTPPeer()
        let url = "smtps://127.0.0.1:\(peer.port)"
        let account = SMTPAccount(
            profile: ProviderProfile(id: ProviderID("tls")!, channels: [.email], concurrency: 1),
            settings: SMTPSettings(
                account: AccountSettings(baseURL: url, timeout: .seconds(2)), heloName: "gw.example"),
            composer: PlainComposer())
        #expect(await account.carry(.mail("canary\r\n")).word == "untrusted")
        await account.shutdown()
        #expect(peer.mails.isEmpty)
    }
}
