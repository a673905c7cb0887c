import Delivery
import Domain
import Foundation
import Settings

/// Where the commands of one run of `vestnik` are carried out: in the process that owns the database, over its socket, or
/// right here when nobody owns it.
struct Desk {
    private enum Place {
        case owner(HTTPClient)
        case here(House)
    }
    private let place: Place
    /// The answers are for whoever typed the command, not for whoever started the gateway.
    private let language: Language

    /// How many messages one command carries: an answer over the socket has at most 16 MiB, texts in it or not.
    func page(dryRun: Bool) -> Int { dryRun ? 100 : 1000 }

    /// How long an owner that does not listen may go on starting or ending before we give up.
    private static let grace: Int64 = 5000
    /// A ping asks nothing of the database: who does not answer it in this time is stopped or stuck.
    private static let pingPatience: Duration = .seconds(10)

    /// - Parameter patience: how long one command may take.
    static func open(_ settings: LoadedSettings, patience: Duration = .seconds(120)) async throws -> Desk {
        let deadline = Clocks.now().uptime + grace
        while true {
            if let owner = try await owner(settings, patience) { return owner }
            do {
                return Desk(
                    place: .here(try await House.open(settings, holder: "vestnik (command line)")),
                    language: settings.language)
            } catch let failure as Failure where failure.isOccupied {
                // It has the lock and no socket: it is about to listen, or has just ceased to.
                guard Clocks.now().uptime < deadline else { throw occupied(failure) }
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private static func occupied(_ failure: Failure) -> Failure {
        Failure(
            .tryAgain,
            ru:
                "\(failure.words.ru). Команд этот процесс пока не принимает: он запускается, останавливается или занят своей. Ничего не сделано, повторите чуть позже.",
            en:
                "\(failure.words.en). It takes no commands at present: it is starting, ending or busy with one of its own. Nothing was done, repeat in a moment."
        )
    }

    /// Nil when nobody listens.
    private static func owner(_ settings: LoadedSettings, _ patience: Duration) async throws -> Desk? {
        guard access(settings.controlSocket, F_OK) == 0 else { return nil }
        var account = AccountSettings(
            baseURL: "http://vestnik", timeout: patience, connectTimeout: .seconds(2),
            unixSocket: settings.controlSocket)
        account.largestReply = 16 << 20
        let client = HTTPClient(account)
        account.timeout = min(patience, pingPatience)
        let pinging = HTTPClient(account)
        let pinged: Result<Reply, DeliveryFailure>
        do throws(DeliveryFailure) { pinged = .success(try await ask(.ping, settings.language, pinging)) } catch {
            pinged = .failure(error)
        }
        await pinging.shutdown()
        let answer: Reply
        do throws(DeliveryFailure) { answer = try pinged.get() } catch {
            await client.shutdown()
            if error.reason == .unreachable { return nil }
            throw Failure(
                .tryAgain, ru: "процесс, которому принадлежит база, не отвечает (\(settings.controlSocket))",
                en: "the process that owns the database does not answer (\(settings.controlSocket))")
        }
        guard case .pong(_, let database) = answer, database == settings.realDatabasePath else {
            await client.shutdown()
            throw Failure(
                .configuration,
                ru: "сокет \(settings.controlSocket) служит другой базе: у каждой базы свой listen.control",
                en:
                    "the socket \(settings.controlSocket) serves another database: each database needs a listen.control of its own"
            )
        }
        return Desk(place: .owner(client), language: settings.language)
    }

    func carryOut(_ command: Command) async throws -> Reply {
        let reply: Reply
        switch place {
        case .here(let house): reply = await house.office.speaking(language).handle(command)
        case .owner(let client):
            do throws(DeliveryFailure) { reply = try await Self.ask(command, language, client) } catch {
                throw Failure(
                    .tryAgain,
                    ru:
                        "работающий процесс не ответил; неизвестно, выполнена ли команда. Проверьте: vestnik messages list",
                    en:
                        "the running process did not answer; whether the command was carried out is not known. Check: vestnik messages list"
                )
            }
        }
        if case .refused(let refusal) = reply { throw refusal.failure }
        return reply
    }

    func close() async {
        switch place {
        case .owner(let client): await client.shutdown()
        case .here(let house): house.close()
        }
    }

    private static func ask(_ command: Command, _ language: Language, _ client: HTTPClient)
        async throws(DeliveryFailure) -> Reply
    {
        guard let body = try? JSONEncoder().encode(command) else { throw DeliveryFailure(.misconfigured) }
        let response = try await client.exchange(
            HTTPRequest(
                "POST", "http://vestnik/control",
                headers: [
                    .init("Content-Type", "application/json"), .init("Accept-Language", language.rawValue),
                ],
                body: Array(body)))
        guard response.status == 200, let reply = try? JSONDecoder().decode(Reply.self, from: Data(response.body))
        else {
            throw DeliveryFailure(.unintelligible)
        }
        return reply
    }
}

/// One command at a desk of its own.
func carryOut(
    _ command: Command, _ settings: LoadedSettings, patience: Duration = .seconds(120)
) async throws -> Reply {
    let desk = try await Desk.open(settings, patience: patience)
    do {
        let reply = try await desk.carryOut(command)
        await desk.close()
        return reply
    } catch {
        await desk.close()
        throw error
    }
}
