/// A compiled part: instructions in the order of the text. A section says where it ends; nothing is looked up by name
/// in the text again. Instructions are plain numbers, so that going through them touches no reference count.
struct Program: Sendable {
    var instructions: [Instruction] = []
    /// All literals, one behind the other.
    var literals: [UInt8] = []
    var slots: [Slot] = []

    enum Instruction: Sendable {
        /// A range of `literals`.
        case literal(Range<Int>)
        /// By its place in `slots`.
        case slot(Int)
        case section(Reference, end: Int)
        case inverted(Reference, end: Int)
        /// By its place among the template's declarations.
        case loop(list: Int, end: Int)
    }

    /// Bytes to make room for: the literals, and as much as values are likely to take. What is longer grows.
    var likelySize: Int { 64 + literals.count + 48 * slots.count }
}

/// One value at one place. A class, so that writing it does not copy it.
final class Slot: Sendable {
    let name: String
    let reference: Reference
    let type: VariableType
    let filter: Filter?
    let place: Place
    /// Written by people outside: not to become a link by itself.
    let fromOutside: Bool

    init(
        name: String, reference: Reference, type: VariableType, filter: Filter?, place: Place, fromOutside: Bool
    ) {
        self.name = name
        self.reference = reference
        self.type = type
        self.filter = filter
        self.place = place
        self.fromOutside = fromOutside
    }
}

/// What a name in a template means, decided once: nothing is looked up by its name for each place again.
enum Reference: Sendable, Hashable {
    /// By its place among the template's declarations.
    case variable(Int)
    /// A field of the row of the list around it, by its place among the list's declarations.
    case field(Int)
    case house(HouseWord)
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
