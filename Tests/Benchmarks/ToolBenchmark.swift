import Foundation
import Subprocess
import TestSupport

/// `iterapp check` and `iterapp render` as whole processes. The targets: a typical file is checked in under 20 ms, an
/// app with 20 applings rendered in under 50 ms.
struct ToolBenchmark {
    static let runs = 40
    static let applings = 20

    func run() async throws {
        try await withTemporaryDirectory { directory in
            let small = directory.appending(path: "cats")
            let large = directory.appending(path: "zoo")
            try Self.write(Self.typical, to: small)
            let names = (1...Self.applings).map { "part\($0)" }
            try Self.write("applings = [\(names.map { "\"\($0)\"" }.joined(separator: ", "))]\n", to: large)
            for name in names { try Self.write(Self.typical(host: "\(name).example.com"), to: large.appending(path: name)) }
            let cases: [(name: String, arguments: [String], target: Double)] = [
                ("check of a typical file", ["check", small.path], 0.020),
                ("render of \(Self.applings) applings", ["render", large.path, "--app", "zoo", "--env", "prod"], 0.050),
            ]
            let start = try await Self.time(["--help"])
            print(start.line("iterapp --help"))
            for one in cases {
                let figures = try await Self.time(one.arguments)
                print(figures.line(one.name))
                print(String(format: "%.2f of its %.0f ms, %.1f times the start of the process\n",
                    figures.median / one.target, one.target * 1_000, figures.median / start.median))
            }
        }
    }

    private static func write(_ text: String, to directory: URL) throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: directory.appending(path: "iterapp.toml"))
    }

    private static func time(_ arguments: [String]) async throws -> Figures {
        var figures = Figures()
        for _ in 0..<runs {
            let start = ContinuousClock.now
            let result = try await ProgramRun(DemoProcess.binary.path, arguments, timeLimit: .seconds(30)).run()
            figures.add(ContinuousClock.now - start)
            guard result.exitCode == 0 else {
                throw TestFailure("iterapp \(arguments): \(String(decoding: result.errorOutput, as: UTF8.self))")
            }
        }
        return figures
    }

    private static let typical = "default_environment = \"prod\"\n" + typical(host: "cats.cool")

    private static func typical(host: String) -> String {
        """
        port = 8080
        replicas = 3
        readiness_path = "/health"
        domains = ["\(host)"]
        from_to_www_redirect = true

        [env.common]
        LEVEL = "info"
        PASSWORD = { secret = "keys", key = "password" }

        [env.prod]
        LEVEL = "warning"

        [redis_lfu_cache]
        enabled = true

        [metrics]
        port = 3001

        [requests]
        cpu = "50m"
        memory = "256Mi"

        [cronjobs.nightly]
        schedule = "13 3 * * *"
        path = "/nightly"
        method = "POST"
        """
    }
}
