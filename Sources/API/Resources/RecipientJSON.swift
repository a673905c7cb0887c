import Domain
import FoundationEssentials
import Intake
import Policy

/// A resident as the API shows one.
enum RecipientJSON {
    /// - Parameter exposed: addresses in full. Only the resident's own file shows them; whoever gave them knows them.
    static func recipient(_ recipient: Recipient, exposed: Bool = false) -> JSON {
        .object(
            ("id", .string(recipient.id.text)), ("name", .text(recipient.name)), ("locale", .string(recipient.locale)),
            ("time_zone", .string(recipient.timeZone)), ("premises", recipient.premises.map(premises)),
            (
                "destinations",
                .array(recipient.destinations.map { exposed ? full($0) : MessageJSON.destination($0) })
            ))
    }

    private static func premises(_ premises: Premises) -> JSON {
        .object(
            ("house", .string(premises.house)), ("entrance", .text(premises.entrance)),
            ("riser", .text(premises.riser)),
            ("flat", .text(premises.flat)))
    }

    private static func full(_ destination: Destination) -> JSON {
        .object(
            ("channel", .string(destination.channel.rawValue)), ("address", .string(destination.address.exposed)))
    }

    /// `rows` and columns as the file has them.
    static func outcome(_ outcome: ResidentIntake.Outcome, _ language: Language) -> JSON {
        .object(
            ("recipients", .count(outcome.recipients)), ("consents", .count(outcome.consents)),
            ("new_consents", outcome.newConsents.map(JSON.count)), ("stored", .bool(outcome.stored)),
            (
                "errors",
                .array(
                    outcome.errors.prefix(ResidentIntake.Outcome.told).map { error in
                        .object(
                            ("row", .count(error.row)), ("column", .string(error.column)),
                            ("detail", .string(error.words(language))))
                    })
            ))
    }
}
