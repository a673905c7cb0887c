import Domain
import FoundationEssentials
import Intake
import Policy
import Queue
import Rendering

/// The real policy and the real renderer, and nothing is stored: what would happen if it were sent now, rule by rule.
struct DryRun {
    let reception: Reception

    /// One for each, in order; the books are read once.
    func explain(
        _ accepted: [Accepted], _ rules: Reception.Rules, at now: Moment, _ language: Language
    ) async throws(Problem) -> [JSON] {
        guard !accepted.isEmpty else { return [] }
        let standings = try await stored { () async throws(StoreError) in
            try await reception.books.standings(of: accepted.map(\.enqueue.message), at: now)
        }
        return zip(accepted, standings).map { explain($0, $1, rules, at: now, language) }
    }

    private func explain(
        _ accepted: Accepted, _ standing: Standing, _ rules: Reception.Rules, at now: Moment, _ language: Language
    ) -> JSON {
        let message = accepted.enqueue.message
        var verdict = MessageJSON.beginning(accepted.enqueue.start)
        var steps: [DecisionStep] = []
        if let purpose = rules.purposes[message.purpose] {
            let question = Question(message: message, purpose: purpose, standing: standing, rules: rules.house)
            let decision = decide(question, at: now.wall)
            steps = decision.steps
            if case .queued = accepted.enqueue.start { judge(decision.ending, &verdict) }
        }
        return .object(
            ("dry_run", .bool(true)), ("status", .string(verdict.status)), ("reason", .text(verdict.reason)),
            ("due_at", .time(verdict.due)), ("held_reason", .text(verdict.held)),
            ("purpose", .string(message.purpose.text)), ("template", MessageJSON.template(message.template)),
            ("plan", MessageJSON.plan(accepted.plan, rules.accounts)),
            (
                "explanation",
                .array(steps.map { .object(("rule", .string($0.rule)), ("result", .string($0.result))) })
            ), ("texts", .array(rules.accept.texts(of: accepted).map { text($0.channel, $0.text, language) })))
    }

    private func judge(_ ending: Result<Permit, Stop>, _ verdict: inout MessageJSON.Beginning) {
        switch ending {
        case .success: break
        case .failure(.refused(let reason)):
            verdict = .init(status: MessageState.suppressed.rawValue, reason: reason.rawValue)
        case .failure(.postponed(let until, let held)):
            verdict.due = max(verdict.due ?? until, until)
            verdict.held = held.rawValue
        case .failure(.failed(let failure)):
            verdict = .init(status: MessageState.failed.rawValue, reason: failure.reason.rawValue)
        }
    }

    private func text(_ channel: Channel, _ result: Result<Content, RenderingError>, _ language: Language) -> JSON {
        switch result {
        case .success(let content): TemplateJSON.text(channel, content)
        case .failure(let error):
            .object(("channel", .string(channel.rawValue)), ("error", .string(error.words(language))))
        }
    }
}
