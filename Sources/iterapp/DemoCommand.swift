import Bot
import Sandbox

/// `iterapp demo`
struct DemoCommand: Subcommand {
    static let help = """
        usage: iterapp demo [--port N] [--dir DIR]

        Starts everything on one machine and prints the address of a page with the channel and a command line.

          --port N    where the page and the apps answer (8080; 0 takes a free port)
          --dir DIR   where the demo keeps its state and its sample repository (./iterapp-demo)
        """

    private enum Task {
        case demo(port: Int, directory: String)
        /// What the Git hook of a sample repository starts.
        case pushHook(settingsFile: String)
    }

    private let task: Task

    init(arguments: [String]) throws {
        let arguments = try Arguments(arguments, of: "demo", options: ["--port", "--dir", "--push-hook"])
        if let file = try arguments.value("--push-hook") {
            task = .pushHook(settingsFile: file)
            return
        }
        let port = try arguments.value("--port") ?? "8080"
        guard let number = Int(port), (0...65_535).contains(number) else {
            throw WrongUsage("--port must be a number from 0 to 65535, not \(port).")
        }
        task = .demo(port: number, directory: try arguments.value("--dir") ?? "./iterapp-demo")
    }

    func run() async throws -> ExitCode {
        switch task {
        case .demo(let port, let directory): try await Demo(port: port, directory: directory).run()
        case .pushHook(let file): print(await PushHook(settingsFile: file).run())
        }
        return .success
    }
}
