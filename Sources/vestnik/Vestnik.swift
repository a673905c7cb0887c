import ArgumentParser
import Foundation

@main
struct Vestnik: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vestnik",
        abstract: "Шлюз уведомлений для ЖКХ · notification gateway for housing and utilities",
        discussion: """
            vestnik demo                          демонстрация: песочница, шлюз, два дома · see it work
            vestnik send --template payment-reminder --to ls:0045-12 --var amount=3250.50 --var due=2026-12-15 …
            vestnik messages list --status failed
            vestnik logs --follow
            vestnik doctor
            """,
        version: Version.text,
        subcommands: [
            DemoCommand.self, ServeCommand.self, WorkerCommand.self, SandboxCommand.self, SendCommand.self,
            MessagesCommand.self, LogsCommand.self, QueueCommand.self, DeadCommand.self, ProviderCommand.self,
            TemplateCommand.self, RecipientCommand.self, ConsentCommand.self, SuppressionCommand.self,
            FactsCommand.self, IntakeCommand.self, KeysCommand.self,
            ConfigCommand.self, DatabaseCommand.self, JournalCommand.self, DoctorCommand.self, BenchCommand.self,
            VersionCommand.self,
        ])

    static func main() async {
        prepareProcess()
        await Self.main(nil)
    }

    /// Before any thread exists.
    private static func prepareProcess() {
        // A peer that hangs up while we write is an answer, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // libcurl's time-outs do not bound name resolution; the resolver's own do.
        setenv("RES_OPTIONS", "timeout:1 attempts:2", 0)
        // Databases, sockets and logs hold personal data: nobody else reads them.
        umask(0o077)
    }
}
