/// One step of a message's way, made ready once and then repeated. Each repetition does the same work, so that the
/// difference of two runs with different numbers of repetitions is what one repetition costs.
struct Case: Sendable {
    let name: String
    /// How often the shorter and the longer run repeat it.
    let short: Int, long: Int
    /// So many times the longer run is long enough for a clock.
    var clockFactor = 1
    /// - Parameter folder: for files.
    let prepare: @Sendable (_ folder: String) async throws -> @Sendable (Int) async throws -> Void

    /// - Parameter step: returns something that the optimiser must not throw away.
    static func pure<Value>(
        _ name: String, _ prepare: @escaping @Sendable () throws -> @Sendable (Int) throws -> Value
    ) -> Case {
        Case(name: name, short: 200, long: 1200, clockFactor: 40) { _ in
            let step = try prepare()
            return { times in for number in 0..<times { keep(try step(number)) } }
        }
    }
}

@inline(never) func keep<Value>(_: Value) {}
