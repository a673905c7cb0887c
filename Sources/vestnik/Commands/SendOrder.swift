import Domain
import Foundation
import Policy
import StoreSQLite

/// Turns the flags of `vestnik send` into bodies of `POST /v1/messages`: the command has no rules of its own.
struct SendOrder {
    let command: SendCommand
    let settings: LoadedSettings

    init(_ command: SendCommand, settings: LoadedSettings) {
        self.command = command
        self.settings = settings
    }

    func requests() async throws -> [String] {
        if let file = command.file {
            guard command.template == nil, command.to.isEmpty else {
                throw Failure(
                    .usage, ru: "--file заменяет --template и --to: всё стоит в файле",
                    en: "--file replaces --template and --to: the file says it all")
            }
            return try lines(of: file)
        }
        guard let template = command.template, !command.to.isEmpty else {
            throw Failure(
                .usage, ru: "нужны --template и --to, или --file. Шаблоны: vestnik template list",
                en: "--template and --to are needed, or --file. Templates: vestnik template list")
        }
        return try await recipients().map { try body(template: template, to: $0) }
    }

    private func lines(of file: String) throws -> [String] {
        let data =
            file == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: file)
        guard let data else {
            throw Failure(.badData, ru: "файл \(file) не читается", en: "the file \(file) cannot be read")
        }
        // Split on bytes: CR LF is one Character and would not be found.
        let lines = data.split(separator: UInt8(ascii: "\n")).map { line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }.filter { !$0.isEmpty }
        guard !lines.isEmpty else { throw Failure(.badData, ru: "файл \(file) пуст", en: "the file \(file) is empty") }
        return try lines.enumerated().map { number, line in
            guard let text = String(validating: line, as: UTF8.self) else {
                throw Failure(
                    .badData, ru: "\(file):\(number + 1): это не UTF-8", en: "\(file):\(number + 1): not UTF-8")
            }
            return text
        }
    }

    /// Each `--to` as the `to` member of a request.
    private func recipients() async throws -> [[String: String]] {
        var all: [[String: String]] = []
        for target in command.to {
            if let house = target.droppingPrefix("residents:") {
                all += try await residents(of: house).map { ["recipient": $0.text] }
            } else if let (channel, address) = inline(target) {
                all.append([channel.rawValue: address])
            } else {
                all.append(["recipient": target])
            }
        }
        return all
    }

    private func inline(_ target: String) -> (Channel, String)? {
        for channel in Channel.allCases {
            if let address = target.droppingPrefix(channel.rawValue + ":") { return (channel, address) }
        }
        return nil
    }

    /// `lenina-12`, `lenina-12/2` (an entrance).
    private func residents(of text: String) async throws -> [RecipientID] {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        let premises = Premises(house: parts.first ?? text, entrance: parts.count > 1 ? parts[1] : nil)
        let room = try ReadingRoom.open(command.options)
        let found = try await room.reading { store throws(StoreError) in try await store.residents(of: premises) }
        // The house's own chat is a recipient of its own: `--to house:lenina-12`.
        let people = found.filter { !$0.text.utf8.starts(with: "house:".utf8) }
        guard !people.isEmpty else {
            throw Failure(
                .badData, ru: "в доме «\(text)» никого нет в базе. Загрузка: vestnik recipient import ФАЙЛ.csv",
                en: "nobody of the house \"\(text)\" is in the database. Import: vestnik recipient import FILE.csv")
        }
        return people
    }

    private func body(template: String, to: [String: String]) throws -> String {
        var body = SendBody(template: template, to: to)
        body.purpose = command.purpose
        body.channels = command.channels.map { $0.split(separator: ",").map { String($0) } }
        body.priority = command.priority
        body.send_at = command.sendAt
        body.expires_at = command.expiresAt
        body.reference = command.reference
        if let key = command.idempotencyKey {
            // One key for a house would make one message of all of them.
            body.idempotency_key =
                command.to.count == 1 && to["recipient"] == command.to[0] || to["recipient"] == nil
                ? key : key + "/" + (to["recipient"] ?? "")
        }
        for pair in command.variables {
            guard let equals = pair.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                throw Failure(
                    .usage, ru: "--var \(pair): нужно имя=значение", en: "--var \(pair): name=value is needed")
            }
            body.variables[String(pair[..<equals])] = String(pair[pair.utf8.index(after: equals)...])
        }
        return JSONText.line(body)
    }
}

private struct SendBody: Encodable {
    var template: String
    var to: [String: String]
    var purpose: String?
    var variables: [String: String] = [:]
    var channels: [String]?
    var priority: String?
    var send_at: String?
    var expires_at: String?
    var reference: String?
    var idempotency_key: String?
}

extension String {
    func droppingPrefix(_ prefix: String) -> String? {
        utf8.starts(with: prefix.utf8) ? String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : nil
    }
}
