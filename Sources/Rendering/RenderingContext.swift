import Domain

/// What every template may say without being told by the caller: who writes, to whom, and the recipient's own links.
package struct RenderingContext: Sendable, Hashable {
    package var organisation: Organisation
    package var recipientName: String?
    /// The account as the resident knows it, `0045-12`.
    package var account: String?
    /// Where the recipient chooses what to get and how. `https:`.
    package var preferencesURL: String?
    /// Ends messages of this purpose on this channel. `https:`; only for purposes that rest on consent.
    package var unsubscribeURL: String?

    package init(
        organisation: Organisation, recipientName: String? = nil, account: String? = nil, preferencesURL: String? = nil,
        unsubscribeURL: String? = nil
    ) {
        self.organisation = organisation
        self.recipientName = recipientName
        self.account = account
        self.preferencesURL = preferencesURL
        self.unsubscribeURL = unsubscribeURL
    }

    /// `{{org.*}}`: the sender, from the configuration.
    package struct Organisation: Sendable, Hashable {
        package var name: String
        /// A human answers it; in every message.
        package var phone: String
        package var site: String?
        package var payURL: String?
        package var address: String?
        /// «по будням с 9 до 18»
        package var hours: String?
        /// Around the clock; 8 or +7 or a short number.
        package var emergencyPhone: String?
        package init(
            name: String, phone: String, site: String? = nil, payURL: String? = nil, address: String? = nil,
            hours: String? = nil, emergencyPhone: String? = nil
        ) {
            self.name = name
            self.phone = phone
            self.site = site
            self.payURL = payURL
            self.address = address
            self.hours = hours
            self.emergencyPhone = emergencyPhone
        }

        /// For the check of the configuration: paths are `org.phone` and so on.
        package func problems() -> [VariableProblem] {
            let context = RenderingContext(organisation: self)
            return HouseWord.allCases.compactMap { word in
                guard let value = context.value(of: word) else {
                    return word.isAssured ? VariableProblem(path: word.rawValue, fault: .missing) : nil
                }
                return ValueCheck.fault(of: value, type: word.type).map {
                    VariableProblem(path: word.rawValue, fault: $0)
                }
            }
        }
    }

    /// Nil when it is missing or holds nothing that can be seen.
    func value(of word: HouseWord) -> String? {
        let value =
            switch word {
            case .organisation: organisation.name
            case .phone: organisation.phone
            case .site: organisation.site
            case .payURL: organisation.payURL
            case .address: organisation.address
            case .hours: organisation.hours
            case .emergencyPhone: organisation.emergencyPhone
            case .recipientName: recipientName
            case .account: account
            case .preferences: preferencesURL
            case .unsubscribe: unsubscribeURL
            }
        guard let value, !CleanText.isBlank(value) else { return nil }
        return value
    }

    /// The same for a group, which reads nothing about one household.
    var withoutPersonalWords: RenderingContext { RenderingContext(organisation: organisation) }
}
