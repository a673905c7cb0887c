import Domain
import Intake
import Policy

extension Call {
    /// Who acts on the gateway itself, for the journal: `client:monitoring`.
    /// - Throws: `forbidden_scope` for a test key: what it tries out must change nothing for residents.
    func officer() throws(Problem) -> String {
        let caller = try client()
        switch caller.mode {
        case .live, .team: return "client:" + caller.client
        case .test:
            throw Problem(
                .forbiddenScope,
                Words(
                    ru: "ключ vk_test_ ничего настоящего не меняет: нужен ключ vk_live_ с правом ops:write",
                    en: "a vk_test_ key changes nothing real: a vk_live_ key with the scope ops:write is needed"))
        }
    }
}
