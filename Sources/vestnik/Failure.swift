import ArgumentParser
import Domain

/// The end of a command that did not do what it was asked: what, why and what to do, with a sysexits code.
struct Failure: Error {
    enum Code: Int32 {
        case someFailed = 1
        case usage = 64
        case badData = 65
        case unavailable = 69
        case tryAgain = 75
        case noPermission = 77
        case configuration = 78
    }
    let code: Code
    let words: Words
    /// Somebody else has the database at present: perhaps for a moment only.
    var isOccupied = false
    init(_ code: Code, _ words: Words) {
        self.code = code
        self.words = words
    }
    init(_ code: Code, ru: String, en: String) { self.init(code, Words(ru: ru, en: en)) }
}

extension Failure {
    /// - Parameter owned: the database is ours; who keeps us from it is no gateway and will let go.
    init(_ error: StoreError, path: String, owned: Bool = false) {
        let (ru, en) = (error.told(in: .ru), error.told(in: .en))
        switch error.kind {
        case .busy where owned:
            self.init(
                .tryAgain,
                ru:
                    "в базу \(path) сейчас не записать: \(ru). Ничего не записано; повторите, когда её отпустят.",
                en:
                    "cannot write to the database \(path) now: \(en). Nothing was stored; repeat when it is let go."
            )
        case .busy:
            self.init(
                .unavailable, ru: "база \(path) занята: \(ru)",
                en: "the database \(path) is in use: \(en)")
            isOccupied = true
        case .full:
            self.init(
                .tryAgain,
                ru: "в базу \(path) нельзя записать: \(ru). Освободите место, проверьте права и диск.",
                en:
                    "cannot write to the database \(path): \(en). Free some space, check permissions and the disk."
            )
        case .unreachable:
            self.init(
                .unavailable, ru: "база \(path) не открывается: \(ru)",
                en: "the database \(path) cannot be opened: \(en)")
        case .corrupt:
            self.init(
                .badData, ru: "файл \(path) не годится: \(ru). Ничего не изменено.",
                en: "the file \(path) cannot be used: \(en). Nothing was changed.")
        case .broken:
            self.init(
                .unavailable, ru: "внутренняя ошибка хранилища: \(ru)",
                en: "an internal error of the store: \(en)")
        }
    }
}

extension Failure {
    /// A name that does not exist: what is wrong with it, then the nearest one or all there are.
    static func unknown(ru: String, en: String, _ text: String, among known: [String]) -> Failure {
        let near = nearestName(to: text, among: known)
        return Failure(
            .usage, ru: ru + (near.map { "; может быть, \($0)?" } ?? "; есть: \(known.joined(separator: ", "))"),
            en: en + (near.map { "; did you mean \($0)?" } ?? "; there are: \(known.joined(separator: ", "))"))
    }
}

/// Runs the body of a command; a failure becomes two lines on stderr and its exit code.
func report(in language: Language, _ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let failure as Failure {
        Console.error("vestnik: " + failure.words(language))
        throw ExitCode(failure.code.rawValue)
    }
}
