import Bot

/// `iterapp restore`
struct Restore: Subcommand {
    static let help = """
        usage: iterapp restore FILE

        Makes FILE, which `iterapp backup` made, the journal of the state directory (ITERAPP_STATE_DIR, or ./state).
        Stop the service first. FILE is checked, and stays as it is; the journal that was there is kept beside the new
        one as iterapp.db.before-restore.

        What had not ended when the backup was made is ended as failed, since nobody knows what became of it; messages
        that waited are looked for in the chat before they are sent; and what runs in the cluster is left as it is
        until the next deploy of each environment.

        Exit code 0 for success, 1 with a problem, 2 for wrong usage.
        """

    private let file: String

    init(arguments: [String]) throws {
        let arguments = try Arguments(arguments, of: "restore", options: [], maxWords: 1)
        guard let file = arguments.words.first else { throw WrongUsage("restore needs the name of a backup.") }
        self.file = file
    }

    func run() async throws -> ExitCode {
        try StandardStream.output.write(try await BackupTool().restore(file))
        return .success
    }
}
