import Domain
import Providers

/// A purpose that holds (or asks) promises one copy. A description that takes a gateway's 500, 502 or 504 for "not taken"
/// breaks that promise behind its back: the message goes out again by itself, and the first one may have arrived. Where
/// the provider recognises a repeat by our own name of the message, the second request does no harm.
struct DoubtRule {
    let purposes: [PurposeFile.Entry]
    let providers: [ProviderSettings]

    /// One complaint for each description, at its own line: that is what has to be mended, however many purposes it hits.
    func problems(in pages: [DeclaredFile.Page]) -> [ConfigurationError] {
        pages.compactMap { page in
            guard let claim = page.serverErrorClaim, !page.description.idempotent else { return nil }
            let accounts = providers.filter { $0.kind == page.description.kind }.map(\.id.text)
            let channels = Set(page.description.channels)
            let promised = purposes.map(\.purpose).filter { purpose in
                Self.promisesOneCopy(purpose) && !channels.isDisjoint(with: purpose.channels)
            }
            guard !accounts.isEmpty, !promised.isEmpty else { return nil }
            return claim.error(Self.words(accounts, promised.map(\.id.text)))
        }
    }

    private static func promisesOneCopy(_ purpose: Purpose) -> Bool {
        switch purpose.onUnconfirmed {
        case .hold, .ask: true
        case .resend: false
        }
    }

    private static func words(_ accounts: [String], _ purposes: [String]) -> Words {
        let carriers = accounts.joined(separator: ", ")
        let names = purposes.prefix(3).joined(separator: ", ") + (purposes.count > 3 ? "…" : "")
        return Words(
            ru:
                "500, 502 и 504 без слова самого провайдера здесь значат «не принято», и сообщение уйдёт снова само; но \(carriers) несёт цели с on_unconfirmed: hold или ask (\(names)), а им обещана одна копия. Уберите это или назовите в правилах коды самого провайдера; либо idempotent: true, если он узнаёт повтор по {reference}; либо целям resend",
            en:
                "a 500, 502 or 504 without a word of the provider's own means \"not taken\" here, and the message goes again by itself; but \(carriers) carries purposes with on_unconfirmed: hold or ask (\(names)), which promise one copy. Remove this, or name the provider's own codes in rules; or idempotent: true if it recognises a repeat by {reference}; or resend for these purposes"
        )
    }
}
