import Bot

/// `iterapp serve`
struct Serve: Subcommand {
    static let help = """
        usage: iterapp serve

        Runs the service until SIGTERM. All settings are environment variables; README.md lists them.
        """

    init(arguments: [String]) throws {
        _ = try Arguments(arguments, of: "serve", options: [])
    }

    func run() async throws -> ExitCode {
        try await Bot.serve()
        return .success
    }
}
