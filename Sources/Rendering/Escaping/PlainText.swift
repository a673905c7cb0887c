/// SMS, the plain part of a mail, push, the words of a voice: nothing to escape, only to keep on one line and visible.
enum PlainText {
    static func escape(_ value: String, into output: inout [UInt8]) {
        output += CleanText.bytes(of: value)
    }
}
