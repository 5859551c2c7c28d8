import Bot

/// `iterapp check`
struct Check: Subcommand {
    static let help = """
        usage: iterapp check [DIR] [--app APP] [--format text|json]
               iterapp check --schema

        Prints all that is wrong with the iterapp.toml files of the repository in DIR (the current folder), one problem
        a line: path:line:column: error: what to do. Paths are relative to DIR.

          --app APP       whose files they are (cats, or org/cats): also find values that were encrypted for another
                          app, names that are too long, and hosts that lead to two places
          --format json   an array of objects with path, line, column, severity and message
          --schema        print the JSON Schema of iterapp.toml instead, for editors

        Exit code 0 when nothing is wrong or there are only warnings, 1 with an error, 2 for wrong usage.
        """

    private enum Format: String { case text, json }

    private let directory: String
    private let app: String?
    private let format: Format

    init(arguments: [String]) throws {
        let arguments = try Arguments(arguments, of: "check", options: ["--app", "--format"], maxWords: 1)
        directory = arguments.words.first ?? "."
        app = try arguments.value("--app")
        let name = try arguments.value("--format") ?? Format.text.rawValue
        guard let format = Format(rawValue: name) else {
            throw WrongUsage("--format must be text or json, not \(name).")
        }
        self.format = format
    }

    func run() async throws -> ExitCode {
        let check = try RepositoryCheck.run(directory: directory, app: app)
        switch format {
        case .text:
            let text = ProblemText(sources: check.sources, for: .output).text(check.problems)
            try StandardStream.output.write("\(text)\(check.summary)\n")
        case .json:
            try StandardStream.output.write(ProblemText.json(check.problems))
            StandardStream.errors.tryToWrite("\(check.summary)\n")
        }
        return check.hasErrors ? .problem : .success
    }
}
