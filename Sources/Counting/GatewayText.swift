import Domain

/// All metrics of the gateway by their fixed names, in base units.
package struct GatewayText: Sendable {
    package var counts: Counts
    package var store: StoreGauges
    package var providers: [ProviderGauge]
    package var version: String

    package init(counts: Counts, store: StoreGauges, providers: [ProviderGauge], version: String) {
        self.counts = counts
        self.store = store
        self.providers = providers
        self.version = version
    }

    package var bytes: [UInt8] {
        var text = PrometheusText()
        writeMessages(to: &text)
        writeAttempts(to: &text)
        writeQueue(to: &text)
        writeProviders(to: &text)
        writeHouse(to: &text)
        return text.bytes
    }

    private func writeMessages(to text: inout PrometheusText) {
        text.family("vestnik_messages_accepted_total", .counter, "Messages taken into the books.")
        for row in counts.accepted.all {
            text.sample("vestnik_messages_accepted_total", [("purpose", row.key.text)], row.value)
        }
        text.family("vestnik_messages_total", .counter, "How often messages came to stand there, by channel.")
        for row in counts.standings.all {
            text.sample(
                "vestnik_messages_total",
                [("channel", row.key.channel?.rawValue ?? ""), ("status", row.key.state.rawValue)], row.value)
        }
        text.family("vestnik_suppressed_total", .counter, "Messages that policy did not let go.")
        for row in counts.suppressed.all {
            text.sample("vestnik_suppressed_total", [("reason", row.key.rawValue)], row.value)
        }
        text.family(
            "vestnik_time_to_send_seconds", .histogram, "From when a message was due to its first acceptance.")
        for row in counts.waits.all {
            text.histogram(
                "vestnik_time_to_send_seconds",
                [("purpose", row.key.purpose.text), ("channel", row.key.channel.rawValue)], row.value)
        }
    }

    private func writeAttempts(to text: inout PrometheusText) {
        text.family("vestnik_attempts_total", .counter, "Submissions to providers: accepted, or why not.")
        for row in counts.tries.all {
            text.sample(
                "vestnik_attempts_total", [("provider", row.key.provider.text), ("outcome", row.key.outcome)],
                row.value)
        }
        text.family("vestnik_attempt_duration_seconds", .histogram, "How long one submission took.")
        for row in counts.durations.all {
            text.histogram("vestnik_attempt_duration_seconds", [("provider", row.key.text)], row.value)
        }
        text.family("vestnik_sms_parts_total", .counter, "Parts of SMS that a provider took.")
        for row in counts.parts.all {
            text.sample("vestnik_sms_parts_total", [("provider", row.key.text)], row.value)
        }
    }

    private func writeQueue(to text: inout PrometheusText) {
        text.family("vestnik_queue_messages", .gauge, "Messages that have not come to an end.")
        for state in [MessageState.queued, .sending, .unconfirmed] {
            text.sample("vestnik_queue_messages", [("state", state.rawValue)], store.messages[state, default: 0])
        }
        text.family("vestnik_queue_held_messages", .gauge, "Queued messages that wait for their time.")
        for reason in HeldReason.allCases {
            text.sample("vestnik_queue_held_messages", [("reason", reason.rawValue)], store.held[reason, default: 0])
        }
        text.family("vestnik_queue_oldest_age_seconds", .gauge, "Age of the oldest message that could go now.")
        for priority in Priority.allCases {
            text.sample(
                "vestnik_queue_oldest_age_seconds", [("priority", priority.name)],
                store.oldest[priority]?.seconds ?? 0)
        }
    }

    private func writeProviders(to text: inout PrometheusText) {
        text.family("vestnik_provider_up", .gauge, "1 when the account takes messages, as far as is known.")
        for gauge in providers {
            text.sample("vestnik_provider_up", [("provider", gauge.provider.text)], gauge.isUp ? 1 : 0)
        }
        text.family("vestnik_provider_paused", .gauge, "1 when a person has paused the account.")
        for gauge in providers {
            text.sample("vestnik_provider_paused", [("provider", gauge.provider.text)], gauge.isPaused ? 1 : 0)
        }
    }

    private func writeHouse(to text: inout PrometheusText) {
        text.family("vestnik_db_commit_duration_seconds", .histogram, "How long a commit took to reach the disk.")
        text.histogram("vestnik_db_commit_duration_seconds", [], counts.commits)
        text.family("vestnik_db_size_bytes", .gauge, "Size of the database with its log.")
        text.sample("vestnik_db_size_bytes", [], Int(store.bytes))
        text.family("vestnik_build_info", .gauge, "Which version this is.")
        text.sample("vestnik_build_info", [("version", version)], 1)
    }
}
