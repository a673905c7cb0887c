/// The interface speaks Russian first, English on request.
package enum Language: String, Sendable, CaseIterable { case ru, en }

/// One sentence for people in both languages, written side by side so that neither is forgotten.
package struct Words: Sendable, Hashable {
    package let ru: String
    package let en: String
    package init(ru: String, en: String) {
        self.ru = ru
        self.en = en
    }
    package func callAsFunction(_ language: Language) -> String {
        switch language {
        case .ru: ru
        case .en: en
        }
    }
}
