import AppFile
import Foundation
import Subprocess
import TOML
import TestSupport

/// Reading TOML against Python's `tomllib`, and checking settings. The targets: at least five times as fast on a file
/// of 1 MB; a typical file checked in under 20 ms with the start of the process.
struct SettingsBenchmark {
    let directory: URL

    func run() async throws {
        for (name, text) in [("settings", Self.settings), ("keys", Self.keys), ("arrays", Self.arrays)] {
            try await compare(name, Self.repeated(text, upTo: 1 << 20))
        }
        time("1,000,000 keys", Array((0..<1_000_000).lazy.map { "k\($0) = 1\n" }.joined().utf8))
        time("1,000,000 dotted parts", Array(String(repeating: "a.", count: 1_000_000).utf8))
        time("10,000 nested brackets", Array(("a = " + String(repeating: "[", count: 10_000)).utf8))
        time("10 MB of settings", Array(Self.repeated(Self.settings, upTo: 10 << 20).utf8))
        try await check()
    }

    private func compare(_ name: String, _ text: String) async throws {
        let bytes = Array(text.utf8)
        var ours = Figures()
        for _ in 0..<20 { ours.add(ContinuousClock().measure { precondition(TOMLDocument(bytes).errors.isEmpty) }) }
        let file = directory.appending(path: "\(name).toml")
        try Data(bytes).write(to: file)
        let script = """
            import sys, time, tomllib
            text = open(sys.argv[1], "rb").read()
            for _ in range(5):
                start = time.perf_counter(); tomllib.loads(text.decode()); print(time.perf_counter() - start)
            """
        let result = try await ProgramRun("python3", ["-c", script, file.path], timeLimit: .seconds(120)).run()
        var theirs = Figures()
        for line in String(decoding: result.output, as: UTF8.self).split(separator: "\n") {
            theirs.add(.seconds(Double(line) ?? .infinity))
        }
        print(ours.line("TOML, 1 MB of \(name)"))
        print(theirs.line("tomllib, the same"))
        print(String(format: "%.1f times as fast (target: at least 5)\n", theirs.median / ours.median))
    }

    private func time(_ name: String, _ bytes: [UInt8]) {
        var figures = Figures()
        for _ in 0..<3 { figures.add(ContinuousClock().measure { _ = TOMLDocument(bytes) }) }
        print(figures.line("TOML, \(name)"))
    }

    private func check() async throws {
        let repository = directory.appending(path: "repository")
        try FileManager.default.createDirectory(at: repository, withIntermediateDirectories: true)
        try Data(Self.typical.utf8).write(to: repository.appending(path: AppFile.fileName))
        var inProcess = Figures()
        for _ in 0..<200 {
            inProcess.add(
                ContinuousClock().measure {
                    precondition(AppFile.load(from: DirectoryTree(root: repository)).file != nil)
                })
        }
        print(inProcess.line("check, a typical file"))
        var started = Figures()
        let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "iterapp").path
        for _ in 0..<30 {
            let start = ContinuousClock.now
            let result = try await ProgramRun(program, ["check", repository.path], timeLimit: .seconds(10)).run()
            started.add(ContinuousClock.now - start)
            guard result.exitCode == 0 else {
                throw TestFailure("iterapp check: \(String(decoding: result.errorOutput, as: UTF8.self))")
            }
        }
        print(started.line("iterapp check, with its start"))
        print(String(format: "%.1f ms at the median (target: under 20 ms)\n", started.median * 1_000))
    }
}

// MARK: Texts

extension SettingsBenchmark {
    private static func repeated(_ text: String, upTo count: Int) -> String {
        var result = ""
        var number = 0
        while result.utf8.count < count {
            result += text.replacing("{n}", with: "\(number)")
            number += 1
        }
        return result
    }

    private static let settings = """
        # The app number {n}
        [app-{n}]
        applings = ["frontend", "backend", "worker"]
        default_environment = "prod"
        port = 3000
        replicas = 4
        readiness_path = "/health?full=1"
        domains = ["cats.cool", "www.cats.cool", 'my.cats.cool']
        from_to_www_redirect = true
        [app-{n}.env.common]
        PORT = "3000"
        GREETING = "Hello, \\"world\\" \\u00e5"
        DB_PASSWORD = { secret = "db-keys", key = "password" }
        [app-{n}.requests]
        cpu = "25m"
        memory = "100Mi"
        [[app-{n}.files]]
        mount_path = "/app/secrets/"
        secret = "my-secret"
        [app-{n}.cronjobs.update]
        schedule = "0 * * * *"
        path = "/api/v1/run"


        """

    private static let keys = "key-{n} = {n}\nname-{n}.a.b = \"text {n}\"\n"

    private static let arrays = """
        list-{n} = [1, 2, 3, 4.5, -6e7, true, "text", [1979-05-27, 07:32:00], { a = 1, b = [] }]
        text-{n} = \"""
        Several lines \\
            of text.
        \"""

        """

    private static let typical = """
        default_environment = "prod"
        port = 8080
        replicas = 3
        readiness_path = "/health"
        domains = ["cats.cool", "my.cats.cool"]
        from_to_www_redirect = true
        [env.common]
        GREETING = "Hello"
        API_KEY = { secret = "api", key = "key" }
        [env.prod]
        GREETING = "Welcome"
        [postgres]
        extensions = ["uuid-ossp"]
        [redis_lfu_cache]
        enabled = true
        [cronjobs.update]
        schedule = "0 6 * * MON-FRI"
        path = "/api/v1/run"
        method = "POST"
        [requests]
        cpu = "100m"
        memory = "256Mi"
        [metrics]
        port = 3001
        """
}
