import Bot

/// `iterapp http-task`
struct HTTPTaskCommand: Subcommand {
    static let help = """
        usage: iterapp http-task --url URL [--method METHOD] [--headers-file FILE]

        Makes the request of a scheduled task, as the CronJobs of apps do. The whole answer has 10 seconds to come. A
        failure is no answer, or a status of 400 or more other than 401, 403, 429 and 501; it is repeated twice, 10
        seconds apart. Redirects are not followed. One line of log says how it went.

          --url URL            http or https
          --method METHOD      GET unless it is given
          --headers-file FILE  header fields to send, one `Name: value` a line; they are never logged

        Exit code 0 for success, 1 for failure or unusable headers, 2 for wrong usage.
        """

    private let url: String
    private let method: String?
    private let headersFile: String?

    init(arguments: [String]) throws {
        let arguments = try Arguments(arguments, of: "http-task", options: ["--url", "--method", "--headers-file"])
        url = try arguments.required("--url")
        method = try arguments.value("--method")
        headersFile = try arguments.value("--headers-file")
    }

    func run() async throws -> ExitCode {
        try await HTTPTask.run(url: url, method: method, headersFile: headersFile) ? .success : .problem
    }
}
