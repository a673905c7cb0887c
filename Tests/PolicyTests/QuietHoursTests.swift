import Domain
import Foundation
import GatewayTesting
import Testing

@testable import Policy

struct QuietHoursTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let zone: String, hours: QuietHours, now: String, end: String?
        init(_ zone: String, _ hours: QuietHours, _ now: String, _ end: String?) {
            (self.zone, self.hours, self.now, self.end) = (zone, hours, now, end)
        }
        var testDescription: String { "\(now) in \(zone)" }
    }

    static func hours(_ from: String, _ to: String, weekend: (String, String)? = nil) -> QuietHours {
        func minute(_ text: String) -> Int { Int(text.prefix(2))! * 60 + Int(text.suffix(2))! }
        return QuietHours(
            workingDay: .init(from: minute(from), to: minute(to)),
            weekend: weekend.map { .init(from: minute($0.0), to: minute($0.1)) })
    }

    static let night = hours("22:00", "08:00")
    /// 08–22 on working days and 09–20 at weekends, turned inside out.
    static let debt = hours("22:00", "08:00", weekend: ("20:00", "09:00"))

    /// 2026-11-24 is a Tuesday. The same instant, 20:30 in Moscow, all over the country.
    static let zones: [Row] = [
        Row("Europe/Kaliningrad", night, "2026-11-24T17:30:00Z", nil),
        Row("Europe/Moscow", night, "2026-11-24T17:30:00Z", nil),
        Row("Europe/Samara", night, "2026-11-24T17:30:00Z", nil),
        Row("Asia/Yekaterinburg", night, "2026-11-24T17:30:00Z", "2026-11-25T03:00:00Z"),
        Row("Asia/Omsk", night, "2026-11-24T17:30:00Z", "2026-11-25T02:00:00Z"),
        Row("Asia/Almaty", night, "2026-11-24T17:30:00Z", "2026-11-25T03:00:00Z"),
        Row("Asia/Krasnoyarsk", night, "2026-11-24T17:30:00Z", "2026-11-25T01:00:00Z"),
        Row("Asia/Irkutsk", night, "2026-11-24T17:30:00Z", "2026-11-25T00:00:00Z"),
        Row("Asia/Yakutsk", night, "2026-11-24T17:30:00Z", "2026-11-24T23:00:00Z"),
        Row("Asia/Vladivostok", night, "2026-11-24T17:30:00Z", "2026-11-24T22:00:00Z"),
        Row("Asia/Magadan", night, "2026-11-24T17:30:00Z", "2026-11-24T21:00:00Z"),
        Row("Asia/Kamchatka", night, "2026-11-24T17:30:00Z", "2026-11-24T20:00:00Z"),
    ]

    /// Whatever fraction of a second it is now, quiet hours end at a whole one.
    @Test func theEndIsAWholeSecond() throws {
        let night = try Date("2026-11-24T19:30:07Z", strategy: .iso8601)
        for step in 0..<1000 {
            let now = night.addingTimeInterval(Double(step) * 0.7351)
            let end = try #require(Self.night.end(after: now, zone: "Europe/Moscow", otherwise: "UTC"))
            #expect(end.ISO8601Format() == "2026-11-25T05:00:00Z", "\(now.timeIntervalSince1970)")
        }
    }

    static let edges: [Row] = [
        Row("Europe/Moscow", night, "2026-11-24T18:59:59Z", nil),
        Row("Europe/Moscow", night, "2026-11-24T19:00:00Z", "2026-11-25T05:00:00Z"),
        Row("Europe/Moscow", night, "2026-11-24T21:00:00Z", "2026-11-25T05:00:00Z"),
        Row("Europe/Moscow", night, "2026-11-25T04:59:59Z", "2026-11-25T05:00:00Z"),
        Row("Europe/Moscow", night, "2026-11-25T05:00:00Z", nil),
        Row("Europe/Moscow", hours("13:00", "14:00"), "2026-11-24T10:30:00Z", "2026-11-24T11:00:00Z"),
        Row("Europe/Moscow", hours("13:00", "14:00"), "2026-11-24T11:00:00Z", nil),
        Row("Europe/Moscow", hours("10:00", "10:00"), "2026-11-24T07:00:00Z", nil),
        Row("Europe/Moscow", hours("22:00", "00:00"), "2026-11-24T20:00:00Z", "2026-11-24T21:00:00Z"),
        Row("Europe/Moscow", hours("00:00", "08:00"), "2026-11-24T21:00:00Z", "2026-11-25T05:00:00Z"),
    ]

    /// Friday is 27 November.
    static let weekends: [Row] = [
        Row("Europe/Moscow", debt, "2026-11-27T18:00:00Z", nil),
        Row("Europe/Moscow", debt, "2026-11-27T20:00:00Z", "2026-11-28T06:00:00Z"),
        Row("Europe/Moscow", debt, "2026-11-28T05:30:00Z", "2026-11-28T06:00:00Z"),
        Row("Europe/Moscow", debt, "2026-11-28T06:00:00Z", nil),
        Row("Europe/Moscow", debt, "2026-11-28T17:30:00Z", "2026-11-29T06:00:00Z"),
        Row("Europe/Moscow", debt, "2026-11-29T17:30:00Z", "2026-11-30T05:00:00Z"),
        Row("Europe/Moscow", debt, "2026-11-29T21:30:00Z", "2026-11-30T05:00:00Z"),
        // In Kamchatka it is Saturday already.
        Row("Asia/Kamchatka", debt, "2026-11-27T20:30:00Z", "2026-11-27T21:00:00Z"),
        Row(
            "Europe/Moscow", hours("22:00", "08:00", weekend: ("00:00", "23:59")), "2026-11-27T20:00:00Z",
            "2026-11-28T20:59:00Z"),
    ]

    /// Berlin goes back on 25 October 2026 at 03:00 and forward on 28 March 2027 at 02:00.
    static let changes: [Row] = [
        Row("Europe/Berlin", night, "2026-10-24T21:00:00Z", "2026-10-25T07:00:00Z"),
        Row("Europe/Berlin", night, "2026-10-25T00:30:00Z", "2026-10-25T07:00:00Z"),
        Row("Europe/Berlin", night, "2026-10-25T01:30:00Z", "2026-10-25T07:00:00Z"),
        Row("Europe/Berlin", night, "2027-03-27T22:00:00Z", "2027-03-28T06:00:00Z"),
        Row("Europe/Berlin", night, "2027-03-28T00:30:00Z", "2027-03-28T06:00:00Z"),
        // 02:30 does not exist that night.
        Row("Europe/Berlin", hours("22:00", "02:30"), "2027-03-28T00:45:00Z", "2027-03-28T01:30:00Z"),
        // Kazakhstan joined its zones on 1 March 2024.
        Row("Asia/Almaty", night, "2024-02-29T17:00:00Z", "2024-03-01T03:00:00Z"),
    ]

    @Test(arguments: zones + edges + weekends + changes) func end(row: Row) throws {
        let now = try Date(row.now, strategy: .iso8601)
        let end = row.hours.end(after: now, zone: row.zone, otherwise: "Europe/Moscow")
        #expect(end?.ISO8601Format() == row.end)
        if let end { #expect(row.hours.end(after: end, zone: row.zone, otherwise: "GMT") == nil) }
    }

    @Test(arguments: ["", "Moscow", "Europe/Atlantis", "Europe/Moscow\n", "../../etc/passwd"])
    func unknownZoneFallsBackToTheHouse(zone: String) throws {
        let now = try Date("2026-11-24T20:00:00Z", strategy: .iso8601)
        let end = Self.night.end(after: now, zone: zone, otherwise: "Asia/Omsk")
        #expect(end?.ISO8601Format() == "2026-11-25T02:00:00Z")
    }

    @Test func fractionsOfASecondDoNotShiftTheEnd() throws {
        let now = try Date("2026-11-24T20:00:00Z", strategy: .iso8601).addingTimeInterval(0.75)
        let end = try #require(Self.night.end(after: now, zone: "Europe/Moscow", otherwise: "GMT"))
        #expect(end.ISO8601Format() == "2026-11-25T05:00:00Z")
    }

    /// Hours that cover the whole week would never end.
    @Test func hoursWithoutAGapDoNotHang() throws {
        let always = QuietHours(workingDay: .init(from: 1, to: 0), weekend: .init(from: 0, to: 1439))
        let end = always.end(after: .noon, zone: "Europe/Moscow", otherwise: "GMT")
        #expect(try #require(end) > .noon)
    }

    // MARK: through decide

    private func ending(zone: String?, purpose: Purpose, at now: Date) -> Result<Permit, Stop> {
        let recipient = zone.map {
            Recipient(id: RecipientID("ls:1")!, timeZone: $0, destinations: [.sms()])
        }
        return decide(
            Question(
                message: .sample(recipient: zone.map { _ in "ls:1" }, to: zone == nil ? [.sms()] : []),
                purpose: purpose,
                standing: Standing(recipient: recipient, epoch: Epoch(0)),
                rules: HouseRules(carried: [.sms], timeZone: "Asia/Omsk")),
            at: now
        ).ending
    }

    @Test func theResidentsOwnClockCounts() throws {
        let now = try Date("2026-11-24T17:30:00Z", strategy: .iso8601)
        let purpose = Purpose.sample(quietHours: Self.night)
        #expect((try? ending(zone: "Europe/Moscow", purpose: purpose, at: now).get()) != nil)
        let morning = try Date("2026-11-24T20:00:00Z", strategy: .iso8601)
        #expect(
            ending(zone: "Asia/Kamchatka", purpose: purpose, at: now).stop == .postponed(until: morning, .quietHours))
    }

    @Test func aBareAddressUsesTheClockOfTheHouse() throws {
        let now = try Date("2026-11-24T17:30:00Z", strategy: .iso8601)
        let morning = try Date("2026-11-25T02:00:00Z", strategy: .iso8601)
        let got = ending(zone: nil, purpose: .sample(quietHours: Self.night), at: now)
        #expect(got.stop == .postponed(until: morning, .quietHours))
    }

    @Test func withoutQuietHoursNobodyWaits() throws {
        let now = try Date("2026-11-24T20:00:00Z", strategy: .iso8601)
        #expect((try? ending(zone: "Europe/Moscow", purpose: .sample(), at: now).get()) != nil)
    }
}

extension Result where Failure == Stop {
    var stop: Stop? { if case .failure(let stop) = self { stop } else { nil } }
}
