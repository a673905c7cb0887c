package import Domain
package import FoundationEssentials
package import Queue
import Rendering

extension Accept {
    /// A message once more, as a new one that names the old: with today's text, and within the times its caller asked for.
    /// - Returns: nil where its purpose is no longer configured.
    package func again(_ original: Message, at now: Date) async throws(StoreError) -> Enqueue? {
        guard let purpose = purposes[original.purpose] else { return nil }
        let times = RepeatTimes(of: original, life: purpose.life, at: now)
        let message = Message(
            id: ids.next(at: now), client: original.client,
            // Two people who retry the same list at once queue each message once.
            idempotencyKey: "retry:\(original.id)", purpose: original.purpose,
            template: shelf.current(original.template.id)?.ref ?? original.template, locale: original.locale,
            recipient: original.recipient, destinations: original.destinations, channels: original.channels,
            variables: original.variables, priority: original.priority, sendAt: times.sendAt,
            expiresAt: times.expiresAt, acceptedAt: now, thread: original.thread, reference: original.reference,
            metadata: original.metadata, attachments: original.attachments, retryOf: original.id,
            fallback: original.fallback, mode: original.mode, condition: original.condition)
        return Enqueue(
            message: message, requestHash: [],
            start: try await start(of: message, purpose: purpose, due: times.sendAt ?? now, at: now))
    }
}
