import Foundation
import Testing

/// Paid since the reminder was queued: it does not leave.
struct PaidTests {
    @Test(.timeLimit(.minutes(1))) func aPaidDebtIsNotRemindedOf() async throws {
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder)
        let site = try Site(providers: Site.kannel(port: sandbox.http))
        let house = try await site.open()
        let billing = Caller(house, try await site.key())
        for account in ["0045-12", "0046-03"] {
            #expect(
                try await billing.ask("PUT", "/v1/accounts/\(account)/facts", #"{"balance":"100.00"}"#).status == 200)
        }
        let soon = Date.now.addingTimeInterval(3).ISO8601Format()
        var ids: [String] = []
        for (account, phone) in [("0045-12", "+79001234567"), ("0046-03", "+79001234568")] {
            let more = #","send_at":"\#(soon)","condition":{"account":"\#(account)","if":"balance > 0"}"#
            let sent = try await billing.ask("POST", "/v1/messages", Caller.reminder(#"{"sms":"\#(phone)"}"#, more))
            #expect(sent.json["held_reason"] as? String == "send_at", "\(sent.text)")
            ids.append(try #require(sent.id))
        }
        #expect(try await billing.ask("PUT", "/v1/accounts/0045-12/facts", #"{"balance":"0.00"}"#).status == 200)
        let paid = try await billing.wait("/v1/messages/\(ids[0])") { $0.json["status"] as? String == "suppressed" }
        #expect(paid.json["reason"] as? String == "condition_false", "\(paid.text)")
        _ = try await billing.wait("/v1/messages/\(ids[1])") { $0.json["status"] as? String == "sent" }
        #expect(try await site.stop(house.serve) == 0)
        #expect(try sandbox.arrivals().count == 1)
    }
}
