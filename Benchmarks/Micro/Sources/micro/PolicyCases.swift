import Domain
import Policy

let policyCases: [Case] = [
    .pure("decide mail, consent ledger") {
        let question = Question(
            message: try Samples.message(
                BenchWords.mail, template: "bench-mail", variables: Samples.mailVariables),
            purpose: try Samples.purpose(BenchWords.mail, basis: .consent, [.email]),
            standing: Standing(
                recipient: try Samples.recipient(), consents: try Samples.ledger().map(\.word), epoch: Epoch(7)),
            rules: HouseRules(carried: [.email, .sms]))
        return { _ in decide(question, at: Samples.noon) }
    },
    .pure("decide sms, quiet hours") {
        let question = Question(
            message: try Samples.message(BenchWords.sms, template: "bench-sms", variables: Samples.smsVariables),
            purpose: try Samples.purpose(
                BenchWords.sms, basis: .contract, [.sms, .email],
                night: QuietHours(workingDay: .init(from: 1320, to: 480), weekend: .init(from: 1260, to: 600))),
            standing: Standing(recipient: try Samples.recipient(), epoch: Epoch(7)),
            rules: HouseRules(carried: [.email, .sms]))
        return { _ in decide(question, at: Samples.noon) }
    },
]
