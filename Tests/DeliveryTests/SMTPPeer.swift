import Foundation
import Synchronization

/// A mail server that keeps to a script. By default it takes every mail.
final class SMTPPeer: Sendable {
    enum Kind: Sendable, Hashable { case greeting, ehlo, mail, recipient, data, content, reset, quit, other }

    struct Step: Sendable {
        var kind: Kind
        var line: String
        /// Counted from 0.
        var connection: Int
        /// How many mails this connection has brought to their dot.
        var mail: Int
    }

    struct Taken: Sendable {
        var connection: Int
        var from: String
        var to: [String]
        /// As on the wire, without the final dot.
        var content: String
    }

    static let everything = ["PIPELINING", "SIZE 200000", "8BITMIME", "ENHANCEDSTATUSCODES"]
    static let lockStep = ["SIZE 200000", "8BITMIME", "ENHANCEDSTATUSCODES"]

    private struct Record {
        var bytes: [UInt8] = [], commands: [String] = [], mails: [Taken] = [], contents: [String] = []
    }
    private let record: Shared<Record>
    let listener: Listener

    var port: Int { listener.port }
    var connections: Int { listener.connections }
    /// Mails that were answered with a 2yz.
    var mails: [Taken] { record.value.mails }
    var commands: [String] { record.value.commands }
    /// What came whole, up to its final dot, whatever was answered.
    var contents: [String] { record.value.contents }
    /// Every byte of every connection, in order of reading.
    var wire: String { String(decoding: record.value.bytes, as: UTF8.self) }

    /// - Parameter script: nil leaves the step to the default.
    init(_ capabilities: [String] = everything, script: @escaping @Sendable (Step) -> [Act]? = { _ in nil }) {
        let record = Shared(Record())
        self.record = record
        listener = Listener { connection in
            SMTPPeer.serve(connection, capabilities, script, record)
        }
    }

    private static func serve(
        _ connection: Connection, _ capabilities: [String], _ script: (Step) -> [Act]?, _ record: Shared<Record>
    ) {
        var mail = Taken(connection: connection.index, from: "", to: [], content: "")
        var count = 0
        func act(_ kind: Kind, _ line: String, _ usual: String) -> (on: Bool, positive: Bool) {
            let acts =
                script(Step(kind: kind, line: line, connection: connection.index, mail: count)) ?? [
                    .say(usual + "\r\n")
                ]
            if kind == .content {
                count += 1
                if case .say(let text)? = acts.first, text.utf8.first == UInt8(ascii: "2") {
                    record.change { $0.mails.append(mail) }
                }
            }
            let positive = if case .say(let text)? = acts.first { text.utf8.first == UInt8(ascii: "2") } else { false }
            return (connection.perform(acts), positive)
        }
        guard act(.greeting, "", "220 peer ESMTP").on else { return }
        while let bytes = connection.read(until: "\r\n") {
            let line = String(decoding: bytes.dropLast(2), as: UTF8.self)
            record.change {
                $0.bytes += bytes
                $0.commands.append(line)
            }
            var on = true
            switch line.split(separator: " ").first.map(String.init) {
            case "EHLO", "HELO":
                let lines = (["peer"] + capabilities).enumerated().map {
                    $0 == capabilities.count ? "250 " + $1 : "250-" + $1
                }
                on = act(.ehlo, line, lines.joined(separator: "\r\n")).on
            case "MAIL":
                mail = Taken(connection: connection.index, from: line, to: [], content: "")
                on = act(.mail, line, "250 2.1.0 ok").on
            case "RCPT":
                let reaction = act(.recipient, line, "250 2.1.5 ok")
                if reaction.positive { mail.to.append(line) }
                on = reaction.on
            case "DATA":
                let usual = mail.to.isEmpty ? "554 5.5.1 no valid recipients" : "354 go on"
                let acts =
                    script(Step(kind: .data, line: line, connection: connection.index, mail: count)) ?? [
                        .say(usual + "\r\n")
                    ]
                on = connection.perform(acts)
                guard on, case .say(let text)? = acts.first, text.utf8.starts(with: "354".utf8) else { break }
                guard let content = readContent(connection) else { return }
                mail.content = String(decoding: content.dropLast(3), as: UTF8.self)
                let whole = mail.content
                record.change {
                    $0.bytes += content
                    $0.contents.append(whole)
                }
                on = act(.content, "", "250 2.0.0 Ok: queued as Q\(connection.index)x\(count)").on
            case "RSET": on = act(.reset, line, "250 2.0.0 ok").on
            case "QUIT":
                _ = act(.quit, line, "221 2.0.0 bye")
                on = false
            default: on = act(.other, line, "500 5.5.2 what").on
            }
            if !on { return }
        }
    }

    /// Up to a line that is a single dot; the first line may be it.
    private static func readContent(_ connection: Connection) -> [UInt8]? {
        var content: [UInt8] = []
        while let line = connection.read(until: "\r\n") {
            content += line
            if line == Array(".\r\n".utf8) { return content }
        }
        return nil
    }
}

/// A value several threads look at.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>
    init(_ value: Value) { mutex = Mutex(value) }
    var value: Value { mutex.withLock { $0 } }
    func change(_ change: (inout Value) -> Void) { mutex.withLock { change(&$0) } }
}
