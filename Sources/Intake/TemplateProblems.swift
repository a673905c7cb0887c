import Domain
import Rendering

// What is wrong with a caller's values, said the same way whether they would be sent or only looked at.

extension Template {
    /// Command lines know no other values than text.
    func withFlags(_ given: Variables) -> Variables {
        var variables = given
        for declared in self.variables where declared.type == .flag {
            if case .text(let text)? = variables[declared.name], text == "true" || text == "false" {
                variables[declared.name] = .flag(text == "true")
            }
        }
        return variables
    }

    /// In the order of declaration, with pointers below `/variables`.
    func items(wrongWith variables: Variables) -> [Problem.Item] { problems(in: variables).map(\.item) }
}

extension VariableProblem {
    fileprivate var item: Problem.Item {
        Problem.Item("/variables/" + path, ProblemCode(rawValue: code) ?? .invalidValue, words)
    }
}

extension RenderingError {
    /// - Parameter pointer: of whatever asked for the channel.
    func item(at pointer: String) -> Problem.Item {
        switch self {
        case .tooLong, .tooManyParts: Problem.Item(pointer, .textTooLong, words)
        case .variable(let problem): problem.item
        case .noText, .notForGroups: Problem.Item(pointer, .invalidValue, words)
        }
    }
}
