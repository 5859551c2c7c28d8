import Bot
import Foundation

/// `iterapp`: one subcommand per file.
@main
struct Main {
    static let commands: [(name: String, summary: String, command: any Subcommand.Type)] = [
        ("serve", "the service", Serve.self),
        ("demo", "everything on one machine, no account anywhere", DemoCommand.self),
        ("check", "find what is wrong in a repository's iterapp.toml files", Check.self),
        ("render", "print the Kubernetes objects that they become", Render.self),
        ("install", "print the Kubernetes objects that install the bot", Install.self),
        ("encrypt", "encrypt a secret for iterapp.toml", Encrypt.self),
        ("keys", "look after the keys that open encrypted values", Keys.self),
        ("backup", "copy the journal of a service, which may be running", Backup.self),
        ("restore", "put a backup in the journal's place", Restore.self),
        ("http-task", "make the request of a scheduled task", HTTPTaskCommand.self),
    ]

    static func main() async {
        var arguments = Array(CommandLine.arguments.dropFirst())
        guard let name = arguments.first else { exitWithUsage("Which command?") }
        if ["help", "--help", "-h"].contains(name) { exitSuccessfully(usage) }
        guard let known = commands.first(where: { $0.name == name }) else {
            exitWithUsage("There is no command \(name).")
        }
        arguments.removeFirst()
        if arguments.contains(where: { ["--help", "-h"].contains($0) }) { exitSuccessfully(known.command.help) }
        do {
            exit(try await known.command.init(arguments: arguments).run().rawValue)
        } catch let error as WrongUsage {
            exitWithUsage("\(error.sentence)\n\n\(known.command.help)", showCommands: false)
        } catch {
            fail("\(error)")
        }
    }

    private static var usage: String {
        "usage: iterapp <command> [options]\n\n"
            + commands.map { "  \($0.name.padding(toLength: 10, withPad: " ", startingAt: 0)) \($0.summary)" }
            .joined(separator: "\n") + "\n\n`iterapp <command> --help` tells more."
    }

    private static func exitSuccessfully(_ text: String) -> Never {
        print(text)
        exit(ExitCode.success.rawValue)
    }

    private static func exitWithUsage(_ sentence: String, showCommands: Bool = true) -> Never {
        StandardStream.errors.tryToWrite("iterapp: \(sentence)\n\(showCommands ? "\n\(usage)\n" : "")")
        exit(ExitCode.wrongUsage.rawValue)
    }

    /// A problem with the input or the machine.
    private static func fail(_ sentence: String) -> Never {
        StandardStream.errors.tryToWrite("iterapp: \(sentence)\n")
        exit(ExitCode.problem.rawValue)
    }
}

protocol Subcommand: SendableMetatype {
    static var help: String { get }
    init(arguments: [String]) throws
    /// - Throws: a sentence; it is printed, and the exit code is `problem`.
    func run() async throws -> ExitCode
}

enum ExitCode: Int32 {
    case success = 0
    /// With the input or the machine; it has been said which.
    case problem = 1
    case wrongUsage = 2
}
