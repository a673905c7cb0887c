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
