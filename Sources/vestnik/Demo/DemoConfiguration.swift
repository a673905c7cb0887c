import Domain
import Foundation
import Sandbox

/// Writes the configuration of a demonstration: the shipped purposes and templates, accounts that lead to the sandbox.
struct DemoConfiguration {
    let folder: URL
    let resources: Resources
    let sandbox: Sandbox

    func write(_ language: Language) throws -> LoadedSettings {
        try put("demo-key", as: "sandbox-key")
        try put("123456:demo-token-of-the-sandbox-0123456789", as: "telegram-token")
        try put(try purposesWithoutQuietHours(), as: "purposes.yaml")
        try put(settings(language), as: "vestnik.yaml")
        let path = folder.appending(path: "vestnik.yaml").path()
        return try LoadedSettings.load(path, language: language)
    }

    /// The demonstration does not wait for the morning; everything else in the purposes stays as shipped.
    private func purposesWithoutQuietHours() throws -> String {
        let shipped = String(decoding: try resources.read("Config/purposes.yaml"), as: UTF8.self)
        let lines = shipped.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            let isQuietHours = line.drop { $0 == UInt8(ascii: " ") }.starts(with: "quiet_hours:".utf8)
            return isQuietHours ? "    quiet_hours: none" : String(decoding: line, as: UTF8.self)
        }
        return "# Копия для демонстрации: тихие часы сняты. A copy for the demonstration without quiet hours.\n"
            + lines.joined(separator: "\n")
    }

    private func settings(_ language: Language) -> String {
        let http = "http://127.0.0.1:\(sandbox.httpPort)"
        return """
            # Настройки демонстрации: все каналы ведут в песочницу на этой машине.
            # Configuration of a demonstration: every channel leads to the sandbox on this machine.
            language: \(language.rawValue)
            country: ru
            org_kind: private
            time_zone: Europe/Moscow
            organisation:
              name: УК «Наш дом»
              phone: "+74951234567"
              site: https://nash-dom.example
              pay_url: https://pay.nash-dom.example
              address: ул. Ленина, 10, офис 1
              hours: по будням с 9 до 18
              emergency_phone: "+74957654321"
            database: vestnik.db
            templates: \(resources.path("Templates"))
            purposes: purposes.yaml
            provider_files: \(resources.path("Config/providers"))
            listen:
              control: vestnik.sock
              api: 127.0.0.1:0
              public: 127.0.0.1:0
            log:
              level: warning
            providers:
              max-main:
                kind: max
                base_url: \(http)
                secret: {file: sandbox-key}
              sms-a:
                kind: kannel
                base_url: \(http)
                user: demo
                secret: {file: sandbox-key}
                sender: UK-DOM
              smtp-main:
                kind: smtp
                base_url: smtp://localhost:\(sandbox.smtpPort)
                ca_file: \(sandbox.caFile ?? "")
                helo_name: gateway.nash-dom.example
                sender: УК «Наш дом» <info@nash-dom.example>
              telegram-main:
                kind: telegram
                base_url: \(http)
                secret: {file: telegram-token}

            """
    }

    private func put(_ text: String, as name: String) throws {
        let path = folder.appending(path: name).path()
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else {
            throw Failure(.noPermission, ru: "файл \(path) не записать", en: "the file \(path) cannot be written")
        }
    }
}
