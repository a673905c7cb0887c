import Domain

/// The mails of one `submit` call: one object, so that a mail on its way costs a reference and no copy.
final class SMTPBatch: Sendable {
    let submissions: [Submission]
    let answers: Answers
    init(_ submissions: [Submission], _ answers: Answers) {
        self.submissions = submissions
        self.answers = answers
    }
}

/// One mail to be carried and whose it is.
struct SMTPJob: Sendable {
    let batch: SMTPBatch
    let index: Int
    /// When it came to this account.
    let since: ContinuousClock.Instant
    /// How often a session died before it began with this mail.
    var deaths = 0

    var submission: Submission { batch.submissions[index] }
}

/// Mails that no session has yet, first come, first served.
struct SMTPWaiting {
    private var jobs: [SMTPJob] = []
    private var head = 0

    var count: Int { jobs.count - head }
    var isEmpty: Bool { head == jobs.count }
    var first: SMTPJob? { isEmpty ? nil : jobs[head] }

    mutating func append(_ batch: SMTPBatch, at now: ContinuousClock.Instant) {
        for index in batch.submissions.indices { jobs.append(SMTPJob(batch: batch, index: index, since: now)) }
    }

    /// Back to the front: it has waited before.
    mutating func giveBack(_ job: SMTPJob) {
        if head > 0 {
            head -= 1
            jobs[head] = job
        } else {
            jobs.insert(job, at: 0)
        }
    }

    mutating func next() -> SMTPJob? {
        guard let job = first else { return nil }
        head += 1
        if isEmpty {
            jobs.removeAll(keepingCapacity: jobs.count <= Self.much)
            head = 0
        } else if head > Self.much {
            jobs.removeFirst(head)
            head = 0
        }
        return job
    }

    /// Places that may stand empty or be kept.
    private static let much = 1024
}
