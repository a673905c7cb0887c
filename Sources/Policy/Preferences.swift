package import Domain

/// What a resident hears of us and by which ways: the ledger read as switches, one for each purpose and one for each of its
/// channels. A view, stored nowhere: what changes it is a record in the ledger.
package struct Preferences: Sendable, Hashable {
    package struct Choice: Sendable, Hashable {
        package let purpose: PurposeID
        /// It cannot be switched off, and one of its channels stays.
        package let mandatory: Bool
        /// Some channel is allowed.
        package let on: Bool
        /// In the purpose's order. Of a purpose that is off: what would hold if it were switched on.
        package let channels: [Switch]
        /// Those that a word about all channels does not reach.
        fileprivate let particular: Set<Channel>
    }

    package struct Switch: Sendable, Hashable {
        package let channel: Channel
        package let on: Bool
    }

    /// By the names of the purposes.
    package let choices: [Choice]

    /// - Parameter ledger: all that this resident ever said.
    package init(purposes: some Sequence<Purpose>, ledger: [ConsentWord], rules: HouseRules) {
        choices = purposes.sorted { $0.id.text < $1.id.text }.map { Choice($0, ledger, rules) }
    }

    /// What somebody wants one purpose to be.
    package struct Wish: Sendable, Hashable {
        package var purpose: PurposeID
        package var on: Bool
        /// Those that are not named stay as they are. Of a purpose that is switched off they say nothing.
        package var channels: [Channel: Bool]
        package init(_ purpose: PurposeID, on: Bool, channels: [Channel: Bool] = [:]) {
            self.purpose = purpose
            self.on = on
            self.channels = channels
        }
    }

    /// A word that is missing from the ledger.
    package struct Word: Sendable, Hashable {
        package let purpose: PurposeID
        /// Nil: all of them.
        package let channel: Channel?
        package let action: ConsentRecord.Action
    }

    package enum Objection: Error, Sendable, Hashable {
        case mandatory(PurposeID)
        /// On, and none of its channels is.
        case noChannel(PurposeID, mandatory: Bool)
    }

    /// The words that make the difference, in the order in which they have to be recorded: of one moment, the later one
    /// counts. Purposes that nobody wishes for stay as they are; wishes for unknown ones say nothing.
    package func words(for wishes: [Wish]) throws(Objection) -> [Word] {
        var words: [Word] = []
        for wish in wishes {
            guard let choice = choices.first(where: { $0.purpose == wish.purpose }) else { continue }
            words += try choice.words(for: wish)
        }
        return words
    }
}

extension Preferences.Choice {
    fileprivate init(_ purpose: Purpose, _ ledger: [ConsentWord], _ rules: HouseRules) {
        let own = ledger.filter { $0.purpose == purpose.id }
        let rule = ConsentRule(purpose: purpose, records: own)
        let strict = rules.foreignMessengersNeedConsent
        let open = purpose.channels.map { rule.answer(for: $0, foreignNeedsItsOwn: strict).refusal == nil }
        let particular = Set(purpose.channels.filter { $0.isForeignMessenger && strict })
        self.purpose = purpose.id
        mandatory = purpose.mandatory
        on = purpose.mandatory || open.contains(true)
        self.particular = particular
        if on {
            channels = zip(purpose.channels, open).map { Preferences.Switch(channel: $0, on: $1) }
        } else {
            channels = purpose.channels.map { channel in
                let last = own.last(about: channel)
                return Preferences.Switch(channel: channel, on: last?.allows ?? !particular.contains(channel))
            }
        }
    }

    fileprivate func words(for wish: Preferences.Wish) throws(Preferences.Objection) -> [Preferences.Word] {
        guard wish.on else {
            if mandatory { throw .mandatory(purpose) }
            return on ? [word(nil, false)] : []
        }
        let wanted = channels.map { wish.channels[$0.channel] ?? $0.on }
        if on, wanted == channels.map(\.on) { return [] }
        guard wanted.contains(true) else { throw .noChannel(purpose, mandatory: mandatory) }
        var words: [Preferences.Word] = []
        if !on { words.append(word(nil, true)) }
        for (present, wanted) in zip(channels, wanted) {
            // A word about all channels opens each that needs none of its own.
            let isOpen = on || particular.contains(present.channel) ? present.on : true
            if isOpen != wanted { words.append(word(present.channel, wanted)) }
        }
        return words
    }

    private func word(_ channel: Channel?, _ allows: Bool) -> Preferences.Word {
        Preferences.Word(purpose: purpose, channel: channel, action: allows ? .granted : .withdrawn)
    }
}

extension [ConsentWord] {
    fileprivate func last(about channel: Channel) -> ConsentWord? {
        filter { $0.channel == channel }
            .max { ($0.occurredAt, $0.recordedAt, $0.id) < ($1.occurredAt, $1.recordedAt, $1.id) }
    }
}
