import Bot

/// `iterapp render`
struct Render: Subcommand {
    static let help = """
        usage: iterapp render [DIR] --app APP --env ENV [--commit SHA] [--image [APPLING=]IMAGE]…
                              [--routing gateway|ingress] [--kubernetes VERSION]

        Prints the Kubernetes objects that a deploy of the repository in DIR (the current folder) would apply, as one
        JSON List. Nothing is built and no cluster is asked; the same input gives the same bytes. Problems and warnings
        go to standard error, and with an error nothing is printed.

          --app APP             the repository's name: cats, or org/cats
          --env ENV             prod, test, or snap0 to snap9
          --commit SHA          the commit (what the repository in DIR is at, or else 40 zeros)
          --image IMAGE         the image, or APPLING=IMAGE for each appling (what the builder would call it)
          --routing PROFILE     gateway or ingress, instead of ITERAPP_ROUTING
          --kubernetes VERSION  of the cluster, such as 1.29 (a current one)

        How apps are named and routed is taken from the same environment variables as by `serve`; no secret is needed.

        Exit code 0 when the objects were printed, 1 with an error, 2 for wrong usage.
        """

    private let order: RenderOrder

    init(arguments: [String]) throws {
        let arguments = try Arguments(
            arguments, of: "render",
            options: ["--app", "--env", "--commit", "--image", "--routing", "--kubernetes"], maxWords: 1)
        order = try RenderOrder(
            directory: arguments.words.first ?? ".", app: try arguments.required("--app"),
            environment: try arguments.required("--env"), commit: try arguments.value("--commit"),
            images: arguments.all("--image"), routing: try arguments.value("--routing"),
            kubernetes: try arguments.value("--kubernetes"))
    }

    func run() async throws -> ExitCode {
        let (rendering, warnings) = try await order.render()
        let check = rendering.check
        StandardStream.errors.tryToWrite(
            ProblemText(sources: check.sources, for: .errors).text(check.problems)
                + warnings.map { "warning: \($0)\n" }.joined())
        guard let list = rendering.list else {
            StandardStream.errors.tryToWrite("\(check.summary)\n")
            return .problem
        }
        try StandardStream.output.write(list)
        return .success
    }
}
