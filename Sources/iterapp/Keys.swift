import Bot

/// `iterapp keys`
struct Keys: Subcommand {
    static let help = """
        usage: iterapp keys rotate|list|public

        Looks after the keys with which this installation opens encrypted values. ITERAPP_KEYS says where they are: a
        file's path, or secret:NAMESPACE/NAME for a Secret of the cluster that KUBECONFIG names. No private key is ever
        printed.

          rotate  makes a new key and puts it in front: values are encrypted for it from now on, and the older keys go
                  on to open what was encrypted before. The first time, it makes the file or the Secret
          list    prints each key's id, the newest first
          public  prints the newest public key as PEM, for `iterapp encrypt`; it is no secret

        Whoever loses the keys loses every value that was encrypted for them: keep a backup. README.md tells how.

        Exit code 0 for success, 1 with a problem, 2 for wrong usage.
        """

    private enum Task: String, CaseIterable { case rotate, list, `public` }

    private let task: Task

    init(arguments: [String]) throws {
        let arguments = try Arguments(arguments, of: "keys", options: [], maxWords: 1)
        let word = arguments.words.first ?? ""
        guard let task = Task(rawValue: word) else {
            throw WrongUsage(word.isEmpty ? "What about the keys?" : "keys can't \(word).")
        }
        self.task = task
    }

    func run() async throws -> ExitCode {
        let tool = try KeyTool()
        let text = switch task {
        case .rotate: try await tool.rotate()
        case .list: try await tool.list()
        case .public: try await tool.publicKey()
        }
        try StandardStream.output.write(text)
        return .success
    }
}
