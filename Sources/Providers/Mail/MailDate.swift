import Domain

/// The date of a mail (RFC 5322 §3.3) in UTC: `Tue, 24 Nov 2026 09:00:00 +0000`.
enum MailDate {
    private static let days: StaticString = "ThuFriSatSunMonTueWed"
    private static let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"

    static func text(_ seconds: Int) -> String {
        var bytes: [UInt8] = []
        add(seconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// - Parameter seconds: since 1970-01-01 00:00 UTC.
    static func add(_ seconds: Int, to out: inout [UInt8]) {
        let day = seconds >= 0 ? seconds / 86_400 : -((86_399 - seconds) / 86_400)
        let second = seconds - day * 86_400
        let (year, month, date) = civil(day)
        add(name: ((day % 7) + 7) % 7, of: days, to: &out)
        out.add(", ")
        add(date, digits: 2, to: &out)
        out.append(0x20)
        add(name: month - 1, of: months, to: &out)
        out.append(0x20)
        add(year, digits: 4, to: &out)
        out.append(0x20)
        add(second / 3600, digits: 2, to: &out)
        out.append(UInt8(ascii: ":"))
        add(second / 60 % 60, digits: 2, to: &out)
        out.append(UInt8(ascii: ":"))
        add(second % 60, digits: 2, to: &out)
        out.add(" +0000")
    }

    private static func add(name: Int, of names: StaticString, to out: inout [UInt8]) {
        out.append(contentsOf: UnsafeBufferPointer(start: names.utf8Start + name * 3, count: 3))
    }

    private static func add(_ number: Int, digits: Int, to out: inout [UInt8]) {
        var worth = digits == 4 ? 1000 : 10
        while worth > 0 {
            out.append(UInt8(ascii: "0") + UInt8(number / worth % 10))
            worth /= 10
        }
    }

    /// Howard Hinnant's `civil_from_days`: years begin in March, so the leap day is the last one.
    private static func civil(_ day: Int) -> (year: Int, month: Int, date: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
