import Domain

/// How long one message takes when nothing else is under way: from the first byte of the order to the gateway until the
/// sink has taken the message, acceptance and two commits included.
struct Idle {
    let bench: Bench
    let sink: SinkProcess
    private static let warm = 20, counted = 300

    func run(into result: inout BenchResult) async throws(BenchFailure) {
        let house = try bench.folder.house("idle")
        try house.write(HouseSettings(smtpPort: sink.smtpPort, httpPort: sink.httpPort))
        let fill = try await bench.fill(house)
        do {
            defer { fill.close() }
            try await fill.residents(1000)
        }
        let gateway = try GatewayProcess(bench.program, house)
        let client = try await ControlClient(house.control)
        bench.progress.say(ru: "задержка в покое", en: "idle latency")
        let mail = await latencies(.mail, .mails, client)
        let sms = await latencies(.sms, .requests, client)
        try await gateway.stop()
        result[.idleMailP50] = Statistics.percentile(mail, 0.5)
        result[.idleMailP99] = Statistics.percentile(mail, 0.99)
        result[.idleSMSP50] = Statistics.percentile(sms, 0.5)
        result[.idleSMSP99] = Statistics.percentile(sms, 0.99)
    }

    /// Milliseconds.
    private func latencies(_ what: BenchMessage, _ line: Watch.Line, _ client: ControlClient) async -> [Double] {
        var all: [Double] = []
        for number in 0..<(Self.warm + Self.counted) {
            // Nobody whose address is on the suppression list.
            let resident = number % 19 + 1
            let order = ControlClient.order([
                BenchWords.request(what, recipient: resident, key: "idle-\(what.rawValue)-\(number)")
            ])
            let before = sink.board[line.count]
            let began = client.give(order)
            let deadline = ContinuousClock.now + .seconds(5)
            while sink.board[line.count] == before, ContinuousClock.now < deadline {
                try? await Task.sleep(for: .microseconds(200))
            }
            guard sink.board[line.count] > before else { continue }
            if number >= Self.warm { all.append(Double(sink.board[line.last] - began) / 1e6) }
            _ = client.hear()
            try? await Task.sleep(for: .milliseconds(10))
        }
        return all
    }
}
