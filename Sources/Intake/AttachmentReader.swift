import Domain
import FoundationEssentials

enum AttachmentReader {
    /// What residents' mail programs show and no program runs.
    static let types = ["application/pdf", "image/jpeg", "image/png"]

    static func attachments(_ fields: inout Fields) -> [Attachment] {
        fields.take("attachments") { fields, value in
            guard case .array(let items) = value else {
                return fields.fail(.invalidValue, Words(ru: "нужен список", en: "a list is needed"))
            }
            guard items.count <= 10 else {
                return fields.fail(.invalidValue, Words(ru: "не больше 10 файлов", en: "at most 10 files"))
            }
            var all: [Attachment] = []
            for (index, item) in items.enumerated() {
                guard var inside = fields.object(item, at: "\(index)") else { continue }
                if let attachment = attachment(&inside) { all.append(attachment) }
                fields.close(inside)
            }
            return all
        } ?? []
    }

    private static func attachment(_ fields: inout Fields) -> Attachment? {
        let name = fields.require("name") { fields, value -> String? in
            guard let text = fields.line(value, limit: 255) else { return nil }
            // The base name alone: a path in it is of no use to anybody but an attacker.
            let last = text.utf8.split(omittingEmptySubsequences: false) {
                $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\")
            }.last
            let base = last.flatMap { String($0) } ?? ""
            guard !base.isEmpty, base != ".", base != ".." else {
                return fields.fail(.invalidValue, Words(ru: "нужно имя файла", en: "a file name is needed"))
            }
            return base
        }
        let type = fields.require("type") { fields, value -> String? in
            guard let text = fields.line(value, limit: 127) else { return nil }
            guard types.contains(text) else {
                let known = types.joined(separator: ", ")
                return fields.fail(.invalidValue, Words(ru: "тип файла: \(known)", en: "the type is one of \(known)"))
            }
            return text
        }
        let bytes = fields.require("content") { fields, value -> [UInt8]? in
            guard case .string(let text) = value, let data = Data(base64Encoded: text), !data.isEmpty else {
                return fields.fail(
                    .invalidValue, Words(ru: "нужно содержимое в base64", en: "content in base64 is needed"))
            }
            return Array(data)
        }
        guard let name, let type, let bytes else { return nil }
        return Attachment(name: name, type: type, bytes: bytes)
    }
}
