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
        var port = 8080
        var directory = "./iterapp-demo"
        var rest = arguments[...]
        while let option = rest.popFirst() {
            let halves = option.split(separator: "=", maxSplits: 1).map(String.init)
            guard ["--port", "--dir", "--push-hook"].contains(halves[0]) else {
                throw WrongUsage(sentence: "demo has no option \(option).")
            }
            guard let value = halves.count > 1 ? halves[1] : rest.popFirst(), !value.isEmpty else {
                throw WrongUsage(sentence: "\(halves[0]) needs a value.")
            }
            switch halves[0] {
            case "--port":
                guard let number = Int(value), (0...65_535).contains(number) else {
                    throw WrongUsage(sentence: "--port must be a number from 0 to 65535, not \(value).")
                }
                port = number
            case "--dir": directory = value
            default:
                task = .pushHook(settingsFile: value)
                return
            }
        }
        task = .demo(port: port, directory: directory)
    }

    func run() async throws {
        switch task {
        case .demo(let port, let directory): try await Demo(port: port, directory: directory).run()
        case .pushHook(let file): print(await PushHook(settingsFile: file).run())
        }
    }
}
