import Bot

/// `iterapp encrypt`
struct Encrypt: Subcommand {
    static let help = """
        usage: iterapp encrypt --app APP --scope common|prod|build [--key FILE]

        Encrypts a secret for an app, so that it can stand in a public repository: only the Iterapp whose public key
        this is can open it, and only for that app and scope. The secret comes on standard input, and nothing leaves
        this machine. One line break at its end is not part of it. On a terminal it is asked for, and not shown.

          --app APP      the repository's name: cats, or org/cats
          --scope SCOPE  common: variables of every environment; prod: of prod alone; build: secrets of the build
          --key FILE     the installation's public key as PEM, instead of ITERAPP_PUBLIC_KEY_FILE

        Prints one line: what stands in iterapp.toml as `encrypted`.

          [env.common]
          API_KEY = { encrypted = "…" }

          [build_secrets]
          npm = { encrypted = "…" }

        Exit code 0 when it was printed, 1 with a problem in the input, 2 for wrong usage.
        """

    private let order: EncryptOrder

    init(arguments: [String]) throws {
        let arguments = try Arguments(arguments, of: "encrypt", options: ["--app", "--scope", "--key"])
        order = try EncryptOrder(
            app: try arguments.required("--app"), scope: try arguments.required("--scope"),
            keyFile: try arguments.value("--key"))
    }

    func run() async throws -> ExitCode {
        let input = try HiddenInput.read(atMost: EncryptOrder.maxInputBytes, asking: "The secret: ")
        try StandardStream.output.write(try order.encrypt(input))
        return .success
    }
}
