import ArgumentParser
import Domain
import Foundation
import Intake
import StoreSQLite

struct IntakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake", abstract: "Приём через таблицу intake.db · intake by SQL", subcommands: [List.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Строки, которые не приняты, ждут или приняты · rows refused, waiting or accepted")
        @OptionGroup var options: HouseOptions
        @Option(help: "refused, pending, accepted") var status = "refused"
        @Option(help: "Сколько · how many") var limit = 100

        func run() async throws {
            try await report(in: options.language) {
                guard let kind = IntakeFile.Kind(rawValue: status) else {
                    throw Failure.unknown(
                        ru: "нет такого состояния строк: \(status)", en: "no such status of rows: \(status)", status,
                        among: IntakeFile.Kind.allCases.map(\.rawValue))
                }
                let settings = try LoadedSettings.load(options)
                let rows = try await Self.rows(kind, limit, settings)
                if options.json { return rows.forEach { Console.print(JSONText.line(IntakeLine($0))) } }
                let isRussian = settings.language == .ru
                var table =
                    isRussian
                    ? Table("СТРОКА", "КЛИЕНТ", "СООБЩЕНИЕ", "ОШИБКА") : Table("ROW", "CLIENT", "MESSAGE", "ERROR")
                for row in rows {
                    let line = IntakeLine(row)
                    table.add("\(row.id)", line.client, row.message ?? "—", line.detail ?? "—")
                }
                Console.print(table.render())
            }
        }

        private static func rows(
            _ kind: IntakeFile.Kind, _ limit: Int, _ settings: LoadedSettings
        ) async throws -> [IntakeFile.Listed] {
            guard access(settings.intakePath, F_OK) == 0 else {
                throw Failure(
                    .unavailable,
                    ru: "файла \(settings.intakePath) ещё нет. Он появится после vestnik serve или vestnik worker",
                    en: "there is no file \(settings.intakePath) yet. vestnik serve or vestnik worker makes it")
            }
            do throws(StoreError) {
                let file = try IntakeFile.openReadOnly(settings.intakePath)
                defer { file.close() }
                return try await file.rows(kind, limit: limit)
            } catch {
                throw Failure(error, path: settings.intakePath)
            }
        }
    }
}

/// One row for people and programs, cleaned: strangers wrote it.
struct IntakeLine: Encodable {
    var row: Int64
    var client: String
    var message: String?
    var code: String?
    var detail: String?
    /// Problem JSON as the row keeps it.
    var error: String?
    var settled_at: String?

    init(_ listed: IntakeFile.Listed) {
        row = listed.id
        client = Self.plain(listed.client)
        message = listed.message
        error = listed.error
        settled_at = listed.settledAt?.ISO8601Format()
        let problem = listed.error.flatMap { try? JSONScan.value(of: Array($0.utf8)) }
        if case .string(let text)? = problem?["code"] { code = text }
        detail = Self.detail(problem) ?? listed.error.map(Self.plain)
    }

    /// `required: /template: нужно поле template`.
    private static func detail(_ problem: JSON?) -> String? {
        guard let problem, case .string(let code)? = problem["code"] else { return nil }
        var parts: [String] = []
        if case .array(let errors)? = problem["errors"] {
            for item in errors {
                guard case .string(let pointer)? = item["pointer"], case .string(let detail)? = item["detail"] else {
                    continue
                }
                parts.append("\(pointer): \(detail)")
            }
        }
        if parts.isEmpty, case .string(let detail)? = problem["detail"] { parts.append(detail) }
        return plain("\(code): " + parts.joined(separator: "; "))
    }

    private static func plain(_ text: String) -> String {
        var plain = ""
        for scalar in text.unicodeScalars.prefix(400) {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            plain.unicodeScalars.append(isControl || scalar.properties.generalCategory == .format ? " " : scalar)
        }
        return plain
    }
}
