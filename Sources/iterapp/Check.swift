import Bot

/// `iterapp check`
struct Check: Subcommand {
    static let help = """
        usage: iterapp check [DIR] [--app APP] [--format text|json]
               iterapp check --schema
               iterapp check --policy FILE [--format text|json]

        Prints all that is wrong with the iterapp.toml files of the repository in DIR (the current folder), one problem
        a line: path:line:column: error: what to do. Paths are relative to DIR.

          --app APP       whose files they are (cats, or org/cats): also find values that were encrypted for another
                          app, names that are too long, and hosts that lead to two places
          --format json   an array of objects with path, line, column, severity and message
          --schema        print the JSON Schema of iterapp.toml instead, for editors
          --policy FILE   look at the operators' file of who may do what instead, as `serve` would

        Exit code 0 when nothing is wrong or there are only warnings, 1 with an error, 2 for wrong usage.
        """

    private enum Format: String { case text, json }

    private enum Task {
        case check(directory: String, app: String?, Format)
        case schema
        case policy(file: String, Format)
    }

    private let task: Task

    init(arguments: [String]) throws {
        let isAlone = arguments.count == 1
        let arguments = try Arguments(
            arguments, of: "check", options: ["--app", "--format", "--policy"], flags: ["--schema"], maxWords: 1)
        if arguments.flags.contains("--schema") {
            guard isAlone else { throw WrongUsage("--schema stands alone.") }
            task = .schema
            return
        }
        let name = try arguments.value("--format") ?? Format.text.rawValue
        guard let format = Format(rawValue: name) else {
            throw WrongUsage("--format must be text or json, not \(name).")
        }
        if let file = try arguments.value("--policy") {
            guard arguments.words.isEmpty, arguments.all("--app").isEmpty else {
                throw WrongUsage("--policy stands without a folder and without --app.")
            }
            task = .policy(file: file, format)
            return
        }
        task = .check(directory: arguments.words.first ?? ".", app: try arguments.value("--app"), format)
    }

    func run() async throws -> ExitCode {
        switch task {
        case .check(let directory, let app, let format): return try check(directory, app, format)
        case .policy(let file, let format):
            return try tell(PolicyCheck(path: file), format)
        case .schema:
            try StandardStream.output.write(FileSchema.text)
            return .success
        }
    }

    private func check(_ directory: String, _ app: String?, _ format: Format) throws -> ExitCode {
        try tell(RepositoryCheck.run(directory: directory, app: app), format)
    }

    private func tell(_ check: some FileCheck, _ format: Format) throws -> ExitCode {
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
