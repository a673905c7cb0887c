/// A compiled part: instructions in the order of the text. A section says where it ends; nothing is looked up by name
/// in the text again.
struct Program: Sendable {
    var instructions: [Instruction] = []

    enum Instruction: Sendable {
        case literal([UInt8])
        case slot(Slot)
        case section(Reference, end: Int)
        case inverted(Reference, end: Int)
        case loop(list: String, end: Int)
    }
}

/// One value at one place.
struct Slot: Sendable {
    let reference: Reference
    let type: VariableType
    let filter: Filter?
    let place: Place
    /// Written by people outside: not to become a link by itself.
    let fromOutside: Bool
}

/// What a name in a template means, decided once.
enum Reference: Sendable, Hashable {
    case variable(String)
    /// A field of the row of the list around it.
    case field(String)
    case house(HouseWord)

    var name: String {
        switch self {
        case .variable(let name), .field(let name): name
        case .house(let word): word.rawValue
        }
    }
}

/// The names that every template knows without declaring them.
enum HouseWord: String, Sendable, CaseIterable {
    case organisation = "org.name"
    case phone = "org.phone"
    case site = "org.site"
    case payURL = "org.pay_url"
    case address = "org.address"
    case hours = "org.hours"
    case emergencyPhone = "org.emergency_phone"
    case recipientName = "recipient.name"
    case account = "recipient.account"
    case preferences = "link.preferences"
    case unsubscribe = "link.unsubscribe"

    var type: VariableType {
        switch self {
        case .organisation, .address, .hours, .recipientName, .account: .text
        case .phone, .emergencyPhone: .phone
        case .site, .payURL, .preferences, .unsubscribe: .url
        }
    }

    /// Every organisation has a name and a phone that a human answers; the rest may be missing.
    var isAssured: Bool { self == .organisation || self == .phone }
    /// Tells about one household: absent in a group.
    var isPersonal: Bool { self == .recipientName || self == .account || self == .preferences || self == .unsubscribe }
}
