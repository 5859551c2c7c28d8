import Deploys
import Foundation
import Images
import Subprocess
import TestSupport
import XCTest

/// The engine of this machine, for tests that build real images.
struct Engine {
    let engine = DockerEngine(environment: ProcessInfo.processInfo.environment)
    /// Of this run's images.
    let label = "test=\(UUID().uuidString)"

    /// Every app of a test is called like this, so that its images are too.
    let app = AppID(organisation: "iterate", name: "test-\(UUID().uuidString.prefix(8).lowercased())")

    static let busybox = "/usr/bin/busybox"

    /// Skips the test where no engine answers or no static busybox is at hand; removes its images afterwards.
    static func use(_ body: (Engine) async throws -> Void) async throws {
        let engine = Engine()
        if let problem = await engine.engine.problem() { throw XCTSkip(problem) }
        guard FileManager.default.fileExists(atPath: busybox) else {
            throw XCTSkip("\(busybox) is missing; install busybox-static")
        }
        do {
            try await body(engine)
        } catch {
            await engine.removeImages()
            throw error
        }
        await engine.removeImages()
    }

    /// Of the builder: empty between builds.
    var work: URL { FileManager.default.temporaryDirectory.appending(path: "builds-\(app.name)") }
    var leftovers: [String] { (try? FileManager.default.contentsOfDirectory(atPath: work.path)) ?? [] }

    func builder(
        registry: String? = nil, engine: DockerEngine? = nil, timeLimit: Duration = .seconds(120)
    ) -> DockerBuilder {
        let (key, value) = (label.prefix { $0 != "=" }, label.drop { $0 != "=" }.dropFirst())
        return DockerBuilder(
            engine: engine ?? self.engine, defaultOrganisation: "iterate", registry: registry,
            work: work, labels: [String(key): String(value)], timeLimit: timeLimit)
    }

    func request(
        _ context: URL, dockerfile: String = "Dockerfile", appling: String? = nil, number: Int = 1,
        secrets: [String: String] = [:]
    ) throws -> ImageRequest {
        ImageRequest(
            app: app, appling: appling,
            commit: try XCTUnwrap(CommitID("1a2b3c4d5e" + String(repeating: "0", count: 30))),
            buildNumber: number, context: context, dockerfile: dockerfile,
            buildDate: Date(timeIntervalSince1970: 1_700_000_000), secrets: BuildSecrets(secrets))
    }

    /// A context with busybox and a Dockerfile that begins with a shell in an image of its own.
    func context(_ root: URL, _ instructions: String) throws -> URL {
        let context = root.appending(path: "context-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: context, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: Self.busybox, toPath: context.appending(path: "busybox").path)
        let start = """
            FROM scratch
            COPY busybox /bin/busybox
            RUN ["/bin/busybox", "--install", "-s", "/bin"]

            """
        try Data((start + instructions + "\n").utf8).write(to: context.appending(path: "Dockerfile"))
        return context
    }

    @discardableResult
    func docker(_ arguments: [String]) async throws -> String {
        let result = try await ProgramRun("docker", arguments, timeLimit: .seconds(60)).run()
        return String(decoding: result.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func removeImages() async {
        try? FileManager.default.removeItem(
            at: FileManager.default.temporaryDirectory.appending(path: "builds-\(app.name)"))
        let ids = try? await docker([
            "image", "ls", "--all", "--quiet", "--no-trunc", "--filter", "label=\(label)",
        ])
        let unique = Set((ids ?? "").split(separator: "\n").map(String.init))
        if !unique.isEmpty { _ = try? await docker(["image", "rm", "--force"] + unique) }
    }
}

extension DockerBuilder {
    /// For tests that do not look at how far it is.
    func build(
        _ request: ImageRequest, onLine: @escaping @Sendable (String) -> Void
    ) async throws(BuildError) -> ImageReference {
        try await build(request, onLine: onLine, onSteps: { _ in })
    }
}
