package import Domain

/// What is asked of the gateway: the name in JSON, the words in the table, the goal.
package enum Figure: String, Sendable, CaseIterable {
    case smtpPerSecond = "smtp_per_s"
    case httpPerSecond = "http_per_s"
    case smtpVsPostfix = "smtp_vs_postfix"
    case smtpVsThin = "smtp_vs_thin"
    case smtpVsPython = "smtp_vs_python"
    case httpVsLibcurl = "http_vs_libcurl"
    case httpVsKannel = "http_vs_kannel"
    case httpVsPython = "http_vs_python"
    case httpVsApprise = "http_vs_apprise"
    case cpuSMTP = "cpu_us_smtp"
    case cpuHTTP = "cpu_us_http"
    case peakMB = "peak_rss_mb"
    case spread
    case farSMTP64 = "far_smtp_64"
    case farSMTP256 = "far_smtp_256"
    case farHTTP64 = "far_http_64"
    case farHTTP256 = "far_http_256"
    case idleMailP50 = "idle_mail_p50_ms"
    case idleMailP99 = "idle_mail_p99_ms"
    case idleSMSP50 = "idle_sms_p50_ms"
    case idleSMSP99 = "idle_sms_p99_ms"
    case enqueuePerSecond = "enqueue_per_s"
    case deepRate = "deep_1m_vs_shallow"
    case deepPeakMB = "deep_1m_rss_mb"
    case deeperRate = "deep_10m_vs_shallow"
    case deeperPeakMB = "deep_10m_rss_mb"
    case bytesPerMessage = "bytes_per_message"
    case emergencyFirst = "emergency_first_s"
    case emergencyAll = "emergency_all_s"
    case emergencyBulk = "emergency_bulk_share"
    case doorPerSecond = "http_accept_per_s"
    case emptyPerSecond = "empty_handler_per_s"
    case doorVsEmpty = "http_accept_vs_empty_handler"
    case doorP50 = "http_accept_p50_ms"
    case doorP99 = "http_accept_p99_ms"
    case slowClients = "http_accept_p99_with_1000_slow_clients"
    case batchPerSecond = "ndjson_accept_per_s"
    case insertPerSecond = "insert_loop_per_s"
    case batchVsInsert = "ndjson_accept_vs_insert_loop"
    case batchGrowthMB = "ndjson_1m_rss_growth_mb"

    /// Those of `--quick`, always in the object, null where they are missing.
    package static let quick: [Figure] = [
        .smtpPerSecond, .httpPerSecond, .smtpVsPostfix, .smtpVsThin, .httpVsLibcurl, .httpVsKannel, .cpuSMTP, .cpuHTTP,
        .peakMB, .spread,
    ]

    /// Those of `--intake`.
    package static let intake: [Figure] = [
        .doorPerSecond, .emptyPerSecond, .doorVsEmpty, .doorP50, .doorP99, .slowClients, .batchPerSecond,
        .insertPerSecond, .batchVsInsert, .batchGrowthMB,
    ]

    package enum Goal: Sendable, Hashable {
        case atLeast(Double), atMost(Double)
        func isReached(by value: Double) -> Bool {
            switch self {
            case .atLeast(let bound): value >= bound
            case .atMost(let bound): value <= bound
            }
        }
        var text: String {
            switch self {
            case .atLeast(let bound): "≥ " + Figure.shown(bound)
            case .atMost(let bound): "≤ " + Figure.shown(bound)
            }
        }
    }

    /// Nil where a figure only informs: rates differ from machine to machine, ratios do not.
    package var goal: Goal? {
        switch self {
        case .smtpPerSecond, .httpPerSecond, .smtpVsPython, .spread: nil
        case .smtpVsPostfix: .atLeast(15)
        case .smtpVsThin, .httpVsLibcurl: .atLeast(0.5)
        case .httpVsKannel: .atLeast(2.5)
        case .httpVsPython: .atLeast(20)
        case .httpVsApprise: .atLeast(50)
        case .cpuSMTP: .atMost(35)
        case .cpuHTTP: .atMost(50)
        case .peakMB, .deepPeakMB, .deeperPeakMB: .atMost(150)
        case .farSMTP64, .farSMTP256, .farHTTP64, .farHTTP256, .deepRate, .deeperRate: .atLeast(0.9)
        case .idleMailP50, .idleSMSP50: .atMost(2)
        case .idleMailP99, .idleSMSP99: .atMost(6)
        case .enqueuePerSecond: .atLeast(80_000)
        case .bytesPerMessage: .atMost(1200)
        case .emergencyFirst: .atMost(1)
        case .emergencyAll: .atMost(3)
        case .emergencyBulk: .atLeast(0.1)
        case .doorPerSecond, .emptyPerSecond, .doorP50, .insertPerSecond, .batchVsInsert: nil
        case .doorVsEmpty: .atLeast(0.25)
        case .doorP99: .atMost(20)
        case .slowClients: .atMost(2)
        case .batchPerSecond: .atLeast(30_000)
        case .batchGrowthMB: .atMost(16)
        }
    }

    package var words: Words {
        switch self {
        case .smtpPerSecond: Words(ru: "почта, сообщений в секунду", en: "mail, messages a second")
        case .httpPerSecond: Words(ru: "СМС по HTTP, сообщений в секунду", en: "SMS over HTTP, messages a second")
        case .smtpVsPostfix: Words(ru: "почта / Postfix", en: "mail / Postfix")
        case .smtpVsThin: Words(ru: "почта / голый цикл с SQLite", en: "mail / bare loop with SQLite")
        case .smtpVsPython: Words(ru: "почта / работник на Python", en: "mail / Python worker")
        case .httpVsLibcurl: Words(ru: "СМС / голый libcurl", en: "SMS / bare libcurl")
        case .httpVsKannel: Words(ru: "СМС / Kannel", en: "SMS / Kannel")
        case .httpVsPython: Words(ru: "СМС / работник на Python", en: "SMS / Python worker")
        case .httpVsApprise: Words(ru: "СМС / Apprise", en: "SMS / Apprise")
        case .cpuSMTP: Words(ru: "процессор на письмо, мкс", en: "CPU per mail, µs")
        case .cpuHTTP: Words(ru: "процессор на СМС, мкс", en: "CPU per SMS, µs")
        case .peakMB: Words(ru: "память в пике, МБ", en: "peak memory, MB")
        case .spread: Words(ru: "разброс скоростей, доля медианы", en: "spread of the rates, share of the median")
        case .farSMTP64: Self.far("почта", "mail", 64)
        case .farSMTP256: Self.far("почта", "mail", 256)
        case .farHTTP64: Self.far("СМС", "SMS", 64)
        case .farHTTP256: Self.far("СМС", "SMS", 256)
        case .idleMailP50: Words(ru: "письмо в покое, p50, мс", en: "idle mail, p50, ms")
        case .idleMailP99: Words(ru: "письмо в покое, p99, мс", en: "idle mail, p99, ms")
        case .idleSMSP50: Words(ru: "СМС в покое, p50, мс", en: "idle SMS, p50, ms")
        case .idleSMSP99: Words(ru: "СМС в покое, p99, мс", en: "idle SMS, p99, ms")
        case .enqueuePerSecond:
            Words(ru: "постановка в очередь по 1000, в секунду", en: "enqueue in batches of 1,000, a second")
        case .deepRate:
            Words(
                ru: "скорость при глубокой очереди (--deep) / при малой",
                en: "rate with a deep queue (--deep) / with few")
        case .deepPeakMB: Words(ru: "память при глубокой очереди, МБ", en: "memory with a deep queue, MB")
        case .deeperRate: Words(ru: "скорость при 10 млн в очереди / при малой", en: "rate with 10 M queued / with few")
        case .deeperPeakMB: Words(ru: "память при 10 млн в очереди, МБ", en: "memory with 10 M queued, MB")
        case .bytesPerMessage:
            Words(ru: "база на доставленное сообщение, байт", en: "database per delivered message, bytes")
        case .emergencyFirst:
            Words(ru: "авария среди рассылки: первое СМС, с", en: "emergency among bulk: first SMS, s")
        case .emergencyAll: Words(ru: "авария среди рассылки: все 1000, с", en: "emergency among bulk: all 1,000, s")
        case .emergencyBulk: Words(ru: "рассылка при этом, доля скорости", en: "bulk meanwhile, share of its rate")
        case .doorPerSecond:
            Words(ru: "приём по HTTP, 64 соединения, в секунду", en: "accepting over HTTP, 64 connections, a second")
        case .emptyPerSecond:
            Words(ru: "пустой обработчик Hummingbird, в секунду", en: "an empty Hummingbird handler, a second")
        case .doorVsEmpty: Words(ru: "приём по HTTP / пустой обработчик", en: "accepting over HTTP / empty handler")
        case .doorP50: Words(ru: "приём при 200 в секунду, p50, мс", en: "accepting at 200 a second, p50, ms")
        case .doorP99: Words(ru: "приём при 200 в секунду, p99, мс", en: "accepting at 200 a second, p99, ms")
        case .slowClients:
            Words(
                ru: "p99 при 1000 медленных клиентах / без них", en: "p99 among 1,000 slow clients / without them")
        case .batchPerSecond:
            Words(ru: "приём пакетами NDJSON, в секунду", en: "accepting in NDJSON batches, a second")
        case .insertPerSecond: Words(ru: "голый цикл INSERT, в секунду", en: "bare loop of inserts, a second")
        case .batchVsInsert: Words(ru: "пакеты NDJSON / голый цикл INSERT", en: "NDJSON batches / bare loop of inserts")
        case .batchGrowthMB:
            Words(ru: "рост памяти за поток в 1 млн, МБ", en: "growth of memory over a stream of 1 M, MB")
        }
    }

    private static func far(_ ru: String, _ en: String, _ connections: Int) -> Words {
        Words(
            ru: "\(ru), до сервера 50 мс, соединений \(connections): доля возможного",
            en: "\(en), server 50 ms away, \(connections) connections: share of the bound")
    }

    /// Three digits that matter.
    package static func shown(_ value: Double) -> String {
        let size = abs(value)
        if size >= 100 || value == value.rounded() { return "\(Int(value.rounded()))" }
        let scale: Double = size >= 10 ? 10 : size >= 1 ? 100 : 1000
        return "\((value * scale).rounded() / scale)"
    }
}
