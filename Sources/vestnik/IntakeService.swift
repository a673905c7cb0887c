import Domain
import Foundation
import Intake
import Logging
import Queue
import ServiceLifecycle
import StoreSQLite
import Worker

/// Turns the rows of `intake.db` into messages while the gateway runs. Whatever is wrong with that file, it is told and
/// tried again: nothing else waits for it.
struct IntakeService: Service {
    let house: House
    let path: String

    /// A row becomes a message within a second: twice this, and what a commit takes.
    private static let pause: Duration = .milliseconds(300)
    private static let pauseInTrouble: Duration = .seconds(1)
    /// Rows that have their ending stay this long for whoever wrote them.
    private static let kept: Double = 30 * 86_400

    init(house: House) {
        self.house = house
        path = house.settings.intakePath
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await drain() }
    }

    private func drain() async {
        var open: (file: IntakeFile, pump: IntakePump)?
        var complaint = Complaint()
        var cleared: Int64 = .min / 2
        while !Task.isCancelled {
            var pause: Duration? = Self.pause
            do throws(StoreError) {
                if open?.file.isInPlace != true {
                    open?.file.close()
                    // Row numbers of another file mean other rows: nothing of the old one is remembered.
                    open = nil
                    open = (try IntakeFile.open(path), IntakePump())
                }
                guard let file = open?.file, var pump = open?.pump else { continue }
                let office = house.office
                let step = try await pump.step(
                    file, Drain(accept: office.accept, queue: house.store, language: office.language),
                    at: Clocks.now())
                open?.pump = pump
                tell(step)
                if let trouble = step.unsettled { throw trouble }
                if let failures = complaint.end() {
                    house.logger.notice("intake works again", metadata: ["failures": "\(failures)"])
                }
                if step.more { pause = nil }
                try await clear(file, &cleared)
            } catch {
                pause = Self.pauseInTrouble
                complain(of: error, &complaint)
            }
            if let pause { try? await Task.sleep(for: pause) }
        }
        open?.file.close()
    }

    private func tell(_ step: IntakePump.Step) {
        if step.accepted > 0 { house.wakeup.set() }
        if !step.refused.isEmpty {
            let rows = step.refused.prefix(5).map { "\($0.row)" }.joined(separator: " ")
            house.logger.warning(
                "intake rows refused: vestnik intake list",
                metadata: ["count": "\(step.refused.count)", "rows": "\(rows)"])
        }
    }

    /// Once an hour, a piece at a time: a file that only grows keeps what residents were told for ever.
    private func clear(_ file: IntakeFile, _ cleared: inout Int64) async throws(StoreError) {
        let now = Clocks.now()
        guard now.uptime - cleared >= 3_600_000 else { return }
        let gone = try await file.clear(settledBefore: now.wall.addingTimeInterval(-Self.kept), limit: 1000)
        if gone < 1000 { cleared = now.uptime }
    }

    private func complain(of error: StoreError, _ complaint: inout Complaint) {
        guard complaint.isDue(error.kind, at: Clocks.now().uptime) else { return }
        house.logger.warning(
            "intake waits",
            metadata: [
                "file": "\(path)", "kind": "\(error.kind.rawValue)", "detail": "\(error.detail)",
                "failures": "\(complaint.failures)",
            ])
    }
}
