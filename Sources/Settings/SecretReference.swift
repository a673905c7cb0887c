import Domain
import Foundation
import Providers

/// `{file: …}`, `{env: …}`, or `{sandbox: …}` for a made-up key on loopback. A secret never stands in vestnik.yaml.
struct SecretReference {
    let folder: String
    let environment: [String: String]

    /// - Parameter loopback: the account talks to this machine only.
    func secret(_ value: YAMLValue, loopback: Bool) throws(ConfigurationError) -> (secret: Secret, shown: String) {
        let forms = Words(ru: "нужно {file: путь} или {env: ИМЯ}", en: "{file: path} or {env: NAME} is needed")
        guard value.isMapping else { throw value.error(forms) }
        var map = try value.mapping()
        let file = map.take("file"), variable = map.take("env"), made = map.take("sandbox")
        try map.finish()
        switch (file, variable, made) {
        case (let file?, nil, nil):
            let path = absolute(try file.line(limit: 4096), below: folder)
            return (try read(path, file), "•••  {file: \(path)}")
        case (nil, let variable?, nil):
            let name = try variable.line()
            return (try take(name, variable), "•••  {env: \(name)}")
        case (nil, nil, let made?):
            guard loopback else {
                throw made.error(
                    Words(
                        ru: "sandbox — только для песочницы на этой машине; настоящий ключ: {file: …} или {env: …}",
                        en: "sandbox is for the sandbox on this machine only; a real key: {file: …} or {env: …}"))
            }
            return (Secret(try made.line()), "•••  {sandbox}")
        default:
            throw value.error(forms)
        }
    }

    private func take(_ name: String, _ value: YAMLValue) throws(ConfigurationError) -> Secret {
        guard let text = environment[name], !text.isEmpty else {
            throw value.error(
                Words(ru: "переменная окружения \(name) не задана", en: "the environment variable \(name) is not set"))
        }
        return try checked(text, value)
    }

    private func read(_ path: String, _ value: YAMLValue) throws(ConfigurationError) -> Secret {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            throw value.error(
                Words(
                    ru: "файла \(path) нет; положите в него секрет и дайте права 0600",
                    en: "there is no file \(path); put the secret into it with mode 0600"))
        }
        // Followed links count as what they lead to: only the mode of the file itself protects it.
        let real =
            (try? FileManager.default.attributesOfItem(atPath: URL(filePath: path).resolvingSymlinksInPath().path))
            ?? attributes
        guard real[.type] as? FileAttributeType == .typeRegular else {
            throw value.error(Words(ru: "\(path) — не файл", en: "\(path) is not a file"))
        }
        let mode = (real[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
        guard mode & 0o077 == 0 else {
            let shown = "0" + String(mode & 0o777, radix: 8)
            throw value.error(
                Words(
                    ru: "файл \(path) открыт другим (\(shown)): chmod 600 \(path)",
                    en: "the file \(path) is open to others (\(shown)): chmod 600 \(path)"))
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw value.error(
                Words(
                    ru: "файл \(path) не читается: проверьте владельца и права",
                    en: "the file \(path) cannot be read: check its owner and mode"))
        }
        guard data.count <= 65_536, let text = String(validating: data, as: UTF8.self) else {
            throw value.error(Words(ru: "файл \(path) — не текст", en: "the file \(path) is not text"))
        }
        var bytes = text.utf8[...]
        while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
        return try checked(String(Substring(bytes)), value)
    }

    /// Control bytes in a key are a wrong file; on the wire they would be an injection.
    private func checked(_ text: String, _ value: YAMLValue) throws(ConfigurationError) -> Secret {
        guard !text.isEmpty else { throw value.error(Words(ru: "секрет пуст", en: "the secret is empty")) }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw value.error(
                Words(ru: "секрет должен быть одной строкой", en: "the secret must be one line of text"))
        }
        return Secret(text)
    }
}

/// Paths in a file are relative to the folder the file is in.
func absolute(_ path: String, below folder: String) -> String {
    if path.utf8.first == UInt8(ascii: "/") { return path }
    return folder.isEmpty ? path : URL(filePath: folder).appending(path: path).standardized.path
}
