import Foundation
import Subprocess
import TestSupport
import XCTest

/// Debian's docker-registry, started for a test.
enum DockerRegistry {
    private static let program = "/usr/bin/docker-registry"

    /// - Parameters:
    ///   - settings: more of its configuration, as lines of YAML.
    ///   - body: gets its address: `127.0.0.1:40123`.
    static func with<T>(_ settings: String = "", _ body: (String) async throws -> T) async throws -> T {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw XCTSkip("no registry to push to; install docker-registry")
        }
        return try await withTemporaryDirectory { root in
            // The registry does not tell a port that it chose itself.
            let port = try WebServer { _ in (200, Data()) }.port
            let whole = """
                version: 0.1
                storage: {filesystem: {rootdirectory: "\(root.path)"}}
                http: {addr: "127.0.0.1:\(port)"}
                \(settings)

                """
            let file = root.appending(path: "settings.yml")
            try Data(whole.utf8).write(to: file)
            let ready = AsyncStream.makeStream(of: Bool.self)
            let registry = Task {
                defer { ready.continuation.finish() }
                return try await ProgramRun(program, ["serve", file.path], timeLimit: .seconds(300)).run { _, line in
                    if line.contains("listening on") { ready.continuation.yield(true) }
                }
            }
            defer { registry.cancel() }
            var isReady = false
            for await answer in ready.stream {
                isReady = answer
                break
            }
            XCTAssertTrue(isReady, "the registry ended")
            return try await body("127.0.0.1:\(port)")
        }
    }
}
