import ArgumentParser

@main struct Simulate: AsyncParsableCommand {
    func run() async throws {}
}
