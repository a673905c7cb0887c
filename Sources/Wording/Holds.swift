package import Domain

/// Follows «отправка остановлена:» and "sending is stopped:".
extension Hold.Reason {
    package var words: Words {
        switch self {
        case .operator: Words(ru: "так велел оператор", en: "an operator said so")
        case .backup: Words(ru: "это резервная копия", en: "this is a backup copy")
        case .behind: Words(ru: "база старее, чем была здесь", en: "the database is older than it was here")
        case .moved: Words(ru: "файл базы скопирован или перенесён", en: "the database file was copied or moved")
        case .placeMissing: Words(ru: "неизвестно, откуда эта база", en: "nobody knows where this file is from")
        }
    }

    /// What it means and what to do.
    package var advice: Words {
        switch self {
        case .operator:
            Words(ru: "Когда можно снова отправлять: vestnik queue resume.", en: "To send again: vestnik queue resume.")
        case .backup:
            Words(
                ru:
                    "Часть очереди могла уйти после того, как сняли копию. Посмотрите vestnik queue held, лишнее отмените (vestnik messages cancel), потом vestnik queue resume.",
                en:
                    "Some of the queue may have been sent after the copy was made. Look at vestnik queue held, cancel what is too much (vestnik messages cancel), then vestnik queue resume."
            )
        case .behind:
            Words(
                ru:
                    "Похоже, вернули старую копию: часть очереди могла уже уйти. Посмотрите vestnik queue held, лишнее отмените (vestnik messages cancel), потом vestnik queue resume.",
                en:
                    "An older copy seems to have been put back: some of the queue may have been sent already. Look at vestnik queue held, cancel what is too much (vestnik messages cancel), then vestnik queue resume."
            )
        case .moved:
            Words(
                ru:
                    "Если вы перенесли базу нарочно и прежняя больше не работает: vestnik queue resume. Если это копия, посмотрите сначала vestnik queue held.",
                en:
                    "If you moved the database on purpose and the old one is out of use: vestnik queue resume. If it is a copy, look at vestnik queue held first."
            )
        case .placeMissing:
            Words(
                ru:
                    "Рядом с базой нет файла .place: так бывает с копией и после переноса. Если прежняя база больше не работает: vestnik queue resume; иначе сначала vestnik queue held.",
                en:
                    "There is no .place file beside the database, as with a copy or after a move. If the old database is out of use: vestnik queue resume; otherwise vestnik queue held first."
            )
        }
    }
}
