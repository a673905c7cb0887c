import Domain
import FoundationEssentials
import Intake
import Testing

struct RepeatTimesTests {
    private let now = Date(timeIntervalSince1970: 1_790_000_000)
    private let hour = 3600.0

    private func original(sendAt: Double?, expiresAt: Double) throws -> Message {
        Message(
            id: MessageID(raw: 1), client: "billing", purpose: try #require(PurposeID("news")),
            template: TemplateRef(id: "news", version: "sha256:0"),
            sendAt: sendAt.map { now.addingTimeInterval($0 * hour) },
            expiresAt: now.addingTimeInterval(expiresAt * hour),
            acceptedAt: now.addingTimeInterval(-2 * hour))
    }

    private func hours(_ times: RepeatTimes) -> [Double?] {
        [times.sendAt, times.expiresAt].map { $0.map { $0.timeIntervalSince(now) / hour } }
    }

    /// The purpose lives 24 hours; hours from now on.
    @Test(arguments: [
        // Tomorrow noon until one o'clock, as its caller said.
        (20.0 as Double?, 21.0, [20.0, 21.0] as [Double?]),
        // The caller named no end: the purpose's life, from the time it may leave.
        (20, 44, [20, 44]),
        // Its time has come: at once, and its own end still holds.
        (-1, 5, [nil, 5]),
        (nil, 5, [nil, 5]),
        // Its own end is over as well: a person wants it all the same.
        (nil, -1, [nil, 24]),
        // The end was the purpose's: a new life.
        (nil, 22, [nil, 24]), (-1, 23, [nil, 24]),
    ])
    func keepWhatLiesAhead(sendAt: Double?, expiresAt: Double, want: [Double?]) throws {
        let times = RepeatTimes(
            of: try original(sendAt: sendAt, expiresAt: expiresAt), life: .seconds(24 * 3600), at: now)
        #expect(hours(times) == want)
    }
}
