import Domain
import Foundation
import GatewayTesting
import Policy
import Testing

/// The ledger read as switches, and the words that a change takes. A said word is short for `purpose channel action`.
struct PreferencesTests {
    private static let purposes: [Purpose] = [
        .sample(.news, basis: .consent, channels: [.email, .sms, .telegram]),
        .sample(.outageEmergency, basis: .vital, mandatory: true, channels: [.sms, .max]),
        .sample(.paymentReminder, channels: [.sms, .email]),
    ]

    private static func preferences(_ said: String) -> Preferences {
        let words = said.split(separator: ",").enumerated().map { place, text in
            let parts = text.split(separator: " ").map(String.init)
            let at = Date.noon.addingTimeInterval(Double(place))
            return ConsentWord(
                id: ConsentID(raw: Int64(place + 1)), purpose: PurposeID(parts[0])!,
                channel: Channel(rawValue: parts[1]),
                action: ConsentRecord.Action(rawValue: parts[2])!, occurredAt: at, recordedAt: at)
        }
        return Preferences(
            purposes: purposes, ledger: words, rules: HouseRules(carried: Set(Channel.allCases)))
    }

    private static func text(_ choice: Preferences.Choice) -> String {
        ([choice.on ? "on" : "off"] + choice.channels.filter(\.on).map(\.channel.rawValue)).joined(separator: " ")
    }

    private struct View: Sendable {
        let purpose: PurposeID, said: String, shows: String
        init(_ purpose: PurposeID, _ said: String, _ shows: String) {
            (self.purpose, self.said, self.shows) = (purpose, said, shows)
        }
    }

    @Test(arguments: [
        View(.news, "", "off email sms"), View(.paymentReminder, "", "on sms email"),
        View(.outageEmergency, "", "on sms max"),
        View(.news, "news * granted", "on email sms"),
        View(.news, "news * granted,news sms withdrawn", "on email"),
        View(.news, "news sms withdrawn,news * granted", "on email sms"),
        View(.news, "news email granted", "on email"),
        View(.news, "news * granted,news telegram granted", "on email sms telegram"),
        View(.news, "news sms withdrawn,news telegram granted,news * withdrawn", "off email telegram"),
        View(.paymentReminder, "payment_reminder * withdrawn", "off sms email"),
        View(.outageEmergency, "outage_emergency * withdrawn", "on sms max"),
        View(.outageEmergency, "outage_emergency sms withdrawn", "on max"),
    ])
    private func shows(_ row: View) throws {
        let choice = try #require(Self.preferences(row.said).choices.first { $0.purpose == row.purpose })
        #expect(Self.text(choice) == row.shows, "\(row.said)")
    }

    private struct Change: Sendable {
        let said: String, wish: Preferences.Wish, words: String
        init(_ said: String, _ wish: Preferences.Wish, _ words: String) {
            (self.said, self.wish, self.words) = (said, wish, words)
        }
    }

    @Test(arguments: [
        Change("", .init(.news, on: false), ""), Change("news * granted", .init(.news, on: true), ""),
        Change("", .init(.news, on: true), "* granted"),
        Change("", .init(.news, on: true, channels: [.sms: false]), "* granted, sms withdrawn"),
        Change("", .init(.news, on: true, channels: [.telegram: true]), "* granted, telegram granted"),
        Change("news * granted", .init(.news, on: true, channels: [.telegram: true]), "telegram granted"),
        Change("news * granted", .init(.news, on: false, channels: [.sms: true]), "* withdrawn"),
        Change("news sms withdrawn,news * withdrawn", .init(.news, on: true), "* granted, sms withdrawn"),
        Change(
            "news email granted", .init(.news, on: true, channels: [.sms: true, .email: false]),
            "email withdrawn, sms granted"),
        Change("", .init(.outageEmergency, on: true, channels: [.sms: false]), "sms withdrawn"),
        Change("", .init(.outageEmergency, on: false), "refused: mandatory"),
        Change("", .init(.outageEmergency, on: true, channels: [.sms: false, .max: false]), "refused: no channel"),
        Change("", .init(.paymentReminder, on: true, channels: [.sms: false, .email: false]), "refused: no channel"),
        // What holds may be sent back, whatever it is.
        Change(
            "outage_emergency sms withdrawn,outage_emergency max withdrawn",
            .init(.outageEmergency, on: true, channels: [.sms: false, .max: false]), ""),
    ])
    private func words(_ row: Change) {
        let words: String
        do throws(Preferences.Objection) {
            words = try Self.preferences(row.said).words(for: [row.wish])
                .map { "\($0.channel?.rawValue ?? "*") \($0.action.rawValue)" }.joined(separator: ", ")
        } catch {
            switch error {
            case .mandatory: words = "refused: mandatory"
            case .noChannel: words = "refused: no channel"
            }
        }
        #expect(words == row.words, "\(row.said)")
    }

    /// Every state becomes every other one that may be: the words do what was wished for.
    @Test func wishesComeTrue() throws {
        let channels: [Channel] = [.email, .sms, .telegram]
        var said: [ConsentWord] = [], clock = Date.noon, id: Int64 = 0
        let rules = HouseRules(carried: Set(Channel.allCases))
        for mask in [7, 1, 0, 2, 6, 0, 5, 3, 4, 7, 0, 4, 1, 0, 7] {
            let wish = Preferences.Wish(
                .news, on: mask > 0,
                channels: Dictionary(
                    channels.enumerated().map { ($1, mask & 1 << $0 > 0) }, uniquingKeysWith: { one, _ in one }))
            let before = Preferences(purposes: Self.purposes, ledger: said, rules: rules)
            clock += 1
            for word in try before.words(for: [wish]) {
                id += 1
                said.append(
                    ConsentWord(
                        id: ConsentID(raw: id), purpose: word.purpose, channel: word.channel, action: word.action,
                        occurredAt: clock, recordedAt: clock))
            }
            let after = Preferences(purposes: Self.purposes, ledger: said, rules: rules)
            let choice = try #require(after.choices.first { $0.purpose == .news })
            #expect(choice.on == wish.on)
            if wish.on { #expect(choice.channels.allSatisfy { $0.on == wish.channels[$0.channel] }, "\(mask)") }
        }
    }
}
