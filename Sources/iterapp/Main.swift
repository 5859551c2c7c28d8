import Foundation

/// `iterapp`: one subcommand per file.
@main
struct Main {
    static let commands: [(name: String, summary: String, command: any Subcommand.Type)] = [
        ("serve", "the service", Serve.self),
        ("demo", "everything on one machine, no account anywhere", DemoCommand.self),
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
            try await known.command.init(arguments: arguments).run()
        } catch let error as WrongUsage {
            exitWithUsage("\(error.sentence)\n\n\(known.command.help)", showCommands: false)
        } catch {
            fail("\(error)")
        }
    }

    private static var usage: String {
        "usage: iterapp <command> [options]\n\n"
            + commands.map { "  \($0.name.padding(toLength: 8, withPad: " ", startingAt: 0)) \($0.summary)" }
            .joined(separator: "\n") + "\n\n`iterapp <command> --help` tells more."
    }

    private static func exitSuccessfully(_ text: String) -> Never {
        print(text)
        exit(0)
    }

    /// Wrong usage: exit code 2.
    private static func exitWithUsage(_ sentence: String, showCommands: Bool = true) -> Never {
        FileHandle.standardError.write(Data("iterapp: \(sentence)\n\(showCommands ? "\n\(usage)\n" : "")".utf8))
        exit(2)
    }

    /// A problem with the input or the machine: exit code 1.
    private static func fail(_ sentence: String) -> Never {
        FileHandle.standardError.write(Data("iterapp: \(sentence)\n".utf8))
        exit(1)
    }
}

protocol Subcommand: SendableMetatype {
    static var help: String { get }
    init(arguments: [String]) throws
    func run() async throws
}

/// The words behind a subcommand are wrong.
struct WrongUsage: Error {
    let sentence: String
}
