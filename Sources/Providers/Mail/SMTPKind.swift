import Delivery
import Domain

extension SMTPMail {
    static let manifest = ProviderManifest(
        kind: "smtp", title: "SMTP", channels: [.email],
        settings: [.init("sender"), .init("user", required: false), .init("secret", required: false, secret: true)],
        schemes: ["smtps", "smtp"], patience: patience)

    /// Until a session takes it up; behind another mail's content and its final reply, from where it is taken back after
    /// the time of one envelope; then from the set-up, which the account's time-out bounds, to the last reply: RSET, MAIL
    /// and RCPT may each be slow.
    private static let patience: Duration = {
        let smtp = SMTPSettings(account: AccountSettings(baseURL: ""), heloName: "")
        let stages = smtp.patience
        return stages.place + stages.envelope * 4 + stages.data + stages.writing * 2 + smtp.finalReplyTimeout
    }()

    static func account(
        _ settings: ProviderSettings, _ profile: ProviderProfile, _ time: TimeSource
    ) throws(CatalogError) -> any Provider {
        guard let sender = settings.sender.flatMap({ MailSender($0) }) else {
            throw CatalogError(
                "sender", ru: "нужен адрес отправителя: УК «Наш дом» <info@dom.example>",
                en: "a From address is needed: Our House <info@dom.example>")
        }
        if settings.user != nil, settings.secret == nil {
            throw CatalogError("secret", ru: "есть user, но нет пароля", en: "there is a user but no password")
        }
        let smtp = SMTPSettings(
            account: settings.account, tls: settings.tls, user: settings.user, password: settings.secret?.exposed,
            heloName: settings.heloName)
        return SMTPAccount(profile: profile, settings: smtp, composer: SMTPMail(sender: sender, time: time))
    }
}
