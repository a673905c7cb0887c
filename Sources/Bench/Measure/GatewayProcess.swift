import Domain
import Foundation
import Glibc

/// `vestnik serve` as it runs in production, over a database that was filled before.
final class GatewayProcess {
    let child: Child
    private let house: BenchHouse

    init(_ program: String, _ house: BenchHouse) throws(BenchFailure) {
        self.house = house
        child = try Child(
            program, ["serve", "--config", house.configuration], log: house.log, in: house.folder)
    }

    var meter: ProcessMeter { ProcessMeter(roots: [child.pid]) }

    /// Where its API listens, once it does.
    func apiPort(within patience: Duration = .seconds(30)) throws(BenchFailure) -> Int {
        let deadline = ContinuousClock.now + patience
        while child.isRunning, ContinuousClock.now < deadline {
            let log = (try? String(contentsOfFile: house.log, encoding: .utf8)) ?? ""
            if let ready = log.firstRange(of: "ready api="), let space = log[ready.upperBound...].firstIndex(of: " "),
                let port = log[ready.upperBound..<space].split(separator: ":").last.flatMap({ Int($0) })
            {
                return port
            }
            usleep(20_000)
        }
        throw BenchFailure(.unavailable, ru: "шлюз не запустился", en: "the gateway did not start")
    }

    /// Lets what has begun end, as any stop does.
    func stop() async throws(BenchFailure) {
        guard await child.end(SIGTERM) == 0 else {
            let log = (try? String(contentsOfFile: house.log, encoding: .utf8)) ?? ""
            throw BenchFailure(
                .unavailable, ru: "шлюз не закончил работу: \(log.suffix(500))",
                en: "the gateway did not end well: \(log.suffix(500))")
        }
    }
}
