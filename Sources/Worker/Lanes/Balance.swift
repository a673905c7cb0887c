import Domain

/// Shares of several accounts among the messages of their channels. Points move away from an account that fails or is
/// slow, and come back when it has been quiet, as GOV.UK Notify does with its SMS providers (alphagov/notifications-api,
/// app/celery/provider_tasks.py). Times are uptime in milliseconds.
struct Balance: Sendable {
    /// What the configuration says.
    let resting: Double
    private(set) var points: Double
    private var errors: [Int64] = []
    private var slow = 0
    private var answers = 0
    private var windowStart: Int64 = 0
    private var lastShift: Int64 = .min / 2
    private var lastReturn: Int64 = .min / 2

    private static let step = 0.1
    private static let errorsAllowed = 50
    private static let minute: Int64 = 60_000

    init(weight: Int) {
        resting = Double(weight)
        points = resting
    }

    /// One answer: an error, or one that took longer than it should.
    mutating func hear(isError: Bool, isSlow: Bool, at now: Int64) {
        if now - windowStart >= 15 * Self.minute { (answers, slow, windowStart) = (0, 0, now) }
        answers += 1
        if isSlow { slow += 1 }
        guard isError else { return }
        errors.append(now)
        errors.removeAll { now - $0 > Self.minute }
    }

    /// Many errors within a minute.
    func fails(at now: Int64) -> Bool { errors.count { now - $0 <= Self.minute } > Self.errorsAllowed }
    /// A seventh of its answers of the last quarter of an hour came late.
    var isSlow: Bool { answers >= 20 && Double(slow) >= 0.15 * Double(answers) }

    /// Gives a tenth of its share away: for errors once a minute at most, for slowness once in five.
    mutating func shift(forErrors: Bool, at now: Int64) {
        guard now - lastShift >= (forErrors ? 1 : 5) * Self.minute else { return }
        points = max(0, points - resting * Self.step)
        (lastShift, lastReturn) = (now, now)
        errors = []
    }

    /// A quarter of an hour without a shift, and every five minutes a tenth of its share comes back.
    mutating func recover(at now: Int64) {
        guard points < resting, now - lastShift >= 15 * Self.minute, now - lastReturn >= 5 * Self.minute else { return }
        points = min(resting, points + resting * Self.step)
        lastReturn = now
    }
}
