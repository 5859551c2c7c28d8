import Deploys
import Foundation
import Images
import Store
import Subprocess
import TestSupport

/// What a build costs through Iterapp, over `buildctl build` by hand: the same context, the same registry and caches, by
/// turns. Ours also finds out whether anything changed, and keeps the log.
struct BuildBenchmark {
    private static let rounds = 15
    private static let files = 2_000
    /// What may come on top of the time by hand.
    private static let maxExtraShare = 0.05
    private static let maxExtraSeconds = 1.0

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let host = environment["ITERAPP_TEST_BUILDKIT_HOST"], !host.isEmpty else {
            return print("build: left out, as ITERAPP_TEST_BUILDKIT_HOST names no BuildKit")
        }
        try await withTemporaryDirectory { root in
            let registry = try await TestRegistry.start(in: root)
            defer { registry.stop() }
            let bench = BuildRound(
                root: root, host: host, path: environment["PATH"] ?? "", registry: "127.0.0.1:\(registry.port)/apps")
            try bench.makeContext(files: Self.files)
            var (ours, byHand) = (Figures(), Figures())
            _ = try await (bench.ours(0), bench.byHand(0))
            for round in 1...Self.rounds {
                byHand.add(try await bench.byHand(round))
                ours.add(try await bench.ours(round))
            }
            tell(ours, byHand)
        }
    }

    private func tell(_ ours: Figures, _ byHand: Figures) {
        print(byHand.line("buildctl build by hand"))
        print(ours.line("the same through Iterapp"))
        let extra = ours.median - byHand.median
        let limit = byHand.median * Self.maxExtraShare + Self.maxExtraSeconds
        let figures = String(format: "ratio %.3f, %.0f ms more", ours.median / byHand.median, extra * 1_000)
        print("\(figures); at most 5 % and 1 s are allowed")
        if extra > limit { print("TOO SLOW") }
    }
}

/// One build, one way or the other.
private struct BuildRound {
    let root: URL
    let host: String
    let path: String
    let registry: String

    private var context: URL { root.appending(path: "context") }
    private let app = AppID(organisation: "iterate", name: "bench-\(UUID().uuidString.prefix(8).lowercased())")

    init(root: URL, host: String, path: String, registry: String) {
        self.root = root
        self.host = host
        self.path = path
        self.registry = registry
    }

    /// Many small files, and a step that prints.
    func makeContext(files: Int) throws {
        let folder = context.appending(path: "src")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "/usr/bin/busybox", toPath: context.appending(path: "busybox").path)
        for number in 0..<files {
            try Data(repeating: UInt8(number % 251), count: 2_000).write(to: folder.appending(path: "\(number)"))
        }
        let dockerfile = """
            FROM scratch
            COPY busybox /bin/busybox
            RUN ["/bin/busybox", "--install", "-s", "/bin"]
            COPY src /src
            RUN for i in $(seq 5000); do echo "line $i of what a build prints"; done; cat /src/* | sha256sum

            """
        try Data(dockerfile.utf8).write(to: context.appending(path: "Dockerfile"))
    }

    /// Nothing behind this file is cached.
    private func change(_ text: String) throws {
        try Data(text.utf8).write(to: context.appending(path: "src/0"))
    }

    func ours(_ round: Int) async throws -> Duration {
        try change("ours \(round) \(UUID())")
        let environment = ["PATH": path, "HOME": root.path]
        let builder = BuildKitBuilder(
            BuildKit(host: host, environment: environment), registry: Registry(prefix: registry, environment: environment),
            defaultOrganisation: "iterate", work: root.appending(path: "work"),
            inputs: InputFingerprint(key: [UInt8](repeating: 1, count: 32)))
        let logs = FileBuildLogs(directory: root)
        let request = ImageRequest(
            app: app, appling: nil, commit: CommitID(String(repeating: "a", count: 40)) ?? noCommit(),
            buildNumber: round + 1, context: context, dockerfile: "Dockerfile", buildDate: Date(timeIntervalSince1970: 0))
        return try await ContinuousClock().measure {
            let log = try logs.open(app: app, build: round + 1, appling: nil)
            _ = await builder.fingerprint(of: request)
            _ = try await builder.build(request, onLine: { log.write($0) }, onSteps: { _ in })
            log.close()
        }
    }

    func byHand(_ round: Int) async throws -> Duration {
        try change("by hand \(round) \(UUID())")
        let name = "\(registry)/\(app.name)-by-hand"
        var run = ProgramRun(
            "buildctl",
            [
                "build", "--progress=rawjson", "--frontend=dockerfile.v0", "--local=context=\(context.path)",
                "--local=dockerfile=\(context.path)", "--opt=platform=linux/amd64",
                "--opt=build-arg:BUILD_DATE_USED_FOR_CACHE_BUSTING=1970-01-01T00:00:00Z",
                "--output=type=image,name=\(name):\(round),push=true",
                "--import-cache=type=registry,ref=\(name)__cache:latest",
                "--export-cache=type=registry,ref=\(name)__cache:latest,mode=max,ignore-error=true",
                "--metadata-file=\(root.path)/by-hand.json",
            ], timeLimit: .seconds(300))
        run.environment = ["BUILDKIT_HOST": host]
        return try await ContinuousClock().measure {
            let result = try await run.run()
            guard result.exitCode == 0 else { throw BenchmarkFailure("buildctl failed") }
        }
    }

    private func noCommit() -> CommitID { preconditionFailure("forty digits are a commit") }
}

private struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Debian's docker-registry on a port of its own.
private struct TestRegistry {
    let port: Int
    private let program: RunningProgram

    static func start(in root: URL) async throws -> TestRegistry {
        let port = Int.random(in: 20_000..<30_000)
        let settings = """
            version: 0.1
            storage: {filesystem: {rootdirectory: "\(root.path)/registry"}}
            http: {addr: "127.0.0.1:\(port)"}

            """
        let file = root.appending(path: "registry.yml")
        try Data(settings.utf8).write(to: file)
        let log = root.appending(path: "registry.log").path
        let program = try RunningProgram("docker-registry", ["serve", file.path], logFile: log)
        for _ in 0..<100 {
            if (try? String(contentsOfFile: log, encoding: .utf8))?.contains("listening on") == true {
                return TestRegistry(port: port, program: program)
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw BenchmarkFailure("the registry did not start")
    }

    func stop() { kill(program.pid, SIGTERM) }
}
