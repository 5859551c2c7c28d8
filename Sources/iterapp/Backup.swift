import Bot

/// `iterapp backup`
struct Backup: Subcommand {
    static let help = """
        usage: iterapp backup FILE [--overwrite]

        Copies the journal of the state directory (ITERAPP_STATE_DIR, or ./state) to FILE, as of one moment, beside a
        service that may be running there. The copy is read back, brought to the disk and only then named FILE; its
        mode is 600. It is one file, and `iterapp restore` puts it back.

          --overwrite  lets a FILE that exists give way to the new one, once that is whole

        Not in it: build logs, the keys of encrypted values, and settings. README.md tells how those are kept.

        Exit code 0 for success, 1 with a problem, 2 for wrong usage.
        """

    private let file: String
    private let overwriting: Bool

    init(arguments: [String]) throws {
        let arguments = try Arguments(arguments, of: "backup", options: [], flags: ["--overwrite"], maxWords: 1)
        guard let file = arguments.words.first else { throw WrongUsage("backup needs the name of a file.") }
        self.file = file
        overwriting = arguments.flags.contains("--overwrite")
    }

    func run() async throws -> ExitCode {
        try StandardStream.output.write(try await BackupTool().make(file, overwriting: overwriting))
        return .success
    }
}
