/// The Russian rule of three forms: 1 подъезд, 2 подъезда, 5 подъездов; 11 to 14 like 5. Linux has no other.
enum Plural {
    static func form<Text>(of count: UInt64, _ one: Text, _ few: Text, _ many: Text) -> Text {
        let tens = count % 100, ones = count % 10
        if (11...14).contains(tens) { return many }
        return ones == 1 ? one : (2...4).contains(ones) ? few : many
    }
}
