import Bot

/// `iterapp serve`
struct Serve: Subcommand {
    static let help = """
        usage: iterapp serve

        Runs the service until SIGTERM. All settings are environment variables; README.md lists them.
        """

    init(arguments: [String]) throws {
        if let first = arguments.first { throw WrongUsage(sentence: "serve takes no \(first).") }
    }

    func run() async throws {
        try await Bot.serve()
    }
}
